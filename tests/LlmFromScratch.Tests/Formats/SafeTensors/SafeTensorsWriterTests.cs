using System.Text;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Formats.Gguf;

namespace LlmFromScratch.Tests.Formats.SafeTensors;

public class SafeTensorsWriterTests
{
    private static readonly string[] TypeNames = ["BOOL", "U8", "I8", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "F64", "I64", "U64", "F8_E4M3", "F8_E5M2"];

    /// <summary>Three values of every type, and texts.</summary>
    internal static SafeTensorsWriter EveryType()
    {
        SafeTensorsWriter writer = new SafeTensorsWriter().Add("format", "pt").Add("who", "Märchen \"🙂\"");
        foreach (string name in TypeNames) writer.Add($"tensor {name}", Type(name), [1, 3], [Values(name)]);
        return writer.Add("matrix", Tensor.FromFloats([1, 2, 3, 4, 5, 6], 2, 3)).Add("none", Type("F16"), [0], []).Add("scalar", Type("I64"), [], [new byte[8]]);
    }

    [Fact]
    public void Write_EveryType_IsReadBackEqual()
    {
        using TemporaryFile disk = new(Bytes(EveryType()));
        using SafeTensorsFile file = SafeTensorsFile.Open(disk.Path);
        Assert.Equal("Märchen \"🙂\"", file.Metadata["who"]);
        foreach (string name in TypeNames)
        {
            SafeTensorsInfo info = file.Tensors.Single(tensor => tensor.Name == $"tensor {name}");
            Assert.Equal((name, 3), (info.Type.Name, info.Count));
            Assert.Equal(Values(name), file.GetBytes(info.Name).ToArray());
            Assert.Equal(0, info.Offset % info.Type.ValueBytes); // so that a machine may read values where they lie
        }
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.GetTensor("matrix").Floats.ToArray());
        Assert.Equal([0L], file.Tensors.Single(tensor => tensor.Name == "none").Sizes);
        Assert.Empty(file.Tensors.Single(tensor => tensor.Name == "scalar").Sizes);
    }

    [Fact]
    public void Write_OneTensor_HasTheBytesOfTheFormat()
    {
        byte[] bytes = Bytes(new SafeTensorsWriter().Add("w", Tensor.FromFloats([1], 1)));
        string json = """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""; // 54 characters, padded to 56
        Assert.Equal([56, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(json), (byte)' ', (byte)' ', 0, 0, 0x80, 0x3F], bytes);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes() => Assert.Equal(Bytes(EveryType()), Bytes(EveryType()));

    [Fact]
    public void Add_WhatAFileCannotHold_IsRefused()
    {
        SafeTensorsWriter writer = new SafeTensorsWriter().Add("k", "v").Add("t", Tensor.Zeros(new Shape(1)));
        Assert.Contains("'k' was added before", Assert.Throws<ArgumentException>(() => writer.Add("k", "w")).Message);
        Assert.Contains("'t' was added before", Assert.Throws<ArgumentException>(() => writer.Add("t", Tensor.Zeros(new Shape(1)))).Message);
        Assert.Contains("no tensor's name", Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", Tensor.Zeros(new Shape(1)))).Message);
        Assert.Contains("got [-1]", Assert.Throws<ArgumentException>(() => writer.Add("n", Type("F32"), [-1], [])).Message);
        Assert.Contains("has no type for Q8_0", Assert.Throws<NotSupportedException>(() => writer.Add("q", Tensor.Zeros(new Shape(32), DType.Q8_0))).Message);
        Assert.Equal("SafeTensorsWriter: tensor 'p' has 8 bytes; its parts had 7.", Assert.Throws<InvalidOperationException>(
            () => Bytes(new SafeTensorsWriter().Add("p", Type("F32"), [2], [new byte[4], new byte[3]]))).Message);
    }

    internal static byte[] Bytes(SafeTensorsWriter writer)
    {
        using MemoryStream stream = new();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static SafeTensorsType Type(string name) => SafeTensorsType.Find(name) ?? throw new ArgumentException(name);

    private static byte[] Values(string name) => [.. Enumerable.Range(0, 3 * Type(name).ValueBytes).Select(i => (byte)(name == "BOOL" ? i % 2 : 3 * i + name.Length))];
}
