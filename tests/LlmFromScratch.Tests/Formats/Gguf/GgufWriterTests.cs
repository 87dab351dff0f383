using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Formats.Gguf;

public class GgufWriterTests
{
    internal static GgufWriter EveryType() => new GgufWriter()
        .Add("u8", (byte)255).Add("i8", (sbyte)-128).Add("u16", ushort.MaxValue).Add("i16", short.MinValue).Add("u32", uint.MaxValue)
        .Add("i32", int.MinValue).Add("u64", ulong.MaxValue).Add("i64", long.MinValue).Add("f32", 0.1f).Add("f64", 0.1)
        .Add("no", false).Add("yes", true).Add("text", "häß\u2581🙂").Add("empty", "")
        .Add("bytes", new byte[] { 1, 2 }).Add("ints", new[] { -1, 2 }).Add("floats", new[] { 1.5f }).Add("flags", new[] { true, false })
        .Add("texts", new[] { "", "b" }).Add("none", Array.Empty<long>()).Add("nested", new Array[] { new[] { "x" }, new uint[] { 7 } })
        .Add("norm", Tensor.FromFloats([1, 2, 3], 3))
        .Add("matrix", Tensor.FromFloats([1, 2, 3, 4, 5, 6], 2, 3))
        .Add("quantized", Tensor.Zeros(new Shape(2, 64), DType.Q8_0))
        .Add("half", Tensor.Zeros(new Shape(1, 2, 3, 4), DType.F16));

    [Fact]
    public void Write_EveryType_IsReadBackEqual()
    {
        using TemporaryFile disk = new(GgufFileTests.Bytes(EveryType()));
        using GgufFile file = GgufFile.Open(disk.Path);
        Assert.Equal(255, Assert.IsType<byte>(file.Metadata["u8"]));
        Assert.Equal(-128, Assert.IsType<sbyte>(file.Metadata["i8"]));
        Assert.Equal(ushort.MaxValue, Assert.IsType<ushort>(file.Metadata["u16"]));
        Assert.Equal(short.MinValue, Assert.IsType<short>(file.Metadata["i16"]));
        Assert.Equal(uint.MaxValue, Assert.IsType<uint>(file.Metadata["u32"]));
        Assert.Equal(int.MinValue, file.Metadata.GetInt32("i32"));
        Assert.Equal(ulong.MaxValue, Assert.IsType<ulong>(file.Metadata["u64"]));
        Assert.Equal(long.MinValue, Assert.IsType<long>(file.Metadata["i64"]));
        Assert.Equal(0.1f, file.Metadata.GetSingle("f32"));
        Assert.Equal(0.1, Assert.IsType<double>(file.Metadata["f64"]));
        Assert.False(file.Metadata.GetBoolean("no"));
        Assert.True(file.Metadata.GetBoolean("yes"));
        Assert.Equal("häß\u2581🙂", file.Metadata.GetString("text"));
        Assert.Equal("", file.Metadata.GetString("empty"));
        Assert.Equal([1, 2], file.Metadata.GetArray<byte>("bytes"));
        Assert.Equal([-1, 2], file.Metadata.GetArray<int>("ints"));
        Assert.Equal([1.5f], file.Metadata.GetArray<float>("floats"));
        Assert.Equal([true, false], file.Metadata.GetArray<bool>("flags"));
        Assert.Equal(["", "b"], file.Metadata.GetArray<string>("texts"));
        Assert.Empty(file.Metadata.GetArray<long>("none"));
        Array[] nested = file.Metadata.GetArray<Array>("nested");
        Assert.Equal(["x"], Assert.IsType<string[]>(nested[0]));
        Assert.Equal([7u], Assert.IsType<uint[]>(nested[1]));
        Assert.Equal(["norm", "matrix", "quantized", "half"], file.Tensors.Select(t => t.Name));
        Assert.All(file.Tensors, t => Assert.Equal(0, t.Offset % 32));
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.GetTensor("matrix").Floats.ToArray());
        Assert.Equal((new Shape(2, 64), DType.Q8_0), (file.GetTensor("quantized").Shape, file.GetTensor("quantized").DType));
        Assert.Equal(new Shape(1, 2, 3, 4), file.GetTensor("half").Shape);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes() => Assert.Equal(GgufFileTests.Bytes(EveryType()), GgufFileTests.Bytes(EveryType()));

    [Fact]
    public void Save_OverAnOldFile_ReplacesItAndLeavesNothingElse()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string path = Path.Combine(folder, "model.gguf");
        File.WriteAllText(path, "old");
        EveryType().Save(path);
        Assert.Equal(GgufFileTests.Bytes(EveryType()), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Save_FailsMidway_KeepsTheOldFile()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string path = Path.Combine(folder, "model.gguf");
        File.WriteAllText(path, "old");
        using TemporaryFile disk = new(GgufFileTests.SmallFile());
        GgufFile source = GgufFile.Open(disk.Path);
        GgufWriter writer = new GgufWriter().Add("x", source.GetTensor("x"));
        source.Dispose(); // its bytes cannot be read any more
        Assert.Throws<ObjectDisposedException>(() => writer.Save(path));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Add_WhatAFileCannotHold_IsRefused()
    {
        GgufWriter writer = new GgufWriter().Add("k", 1).Add("t", Tensor.Zeros(new Shape(1)));
        Assert.Contains("'k' was added before", Assert.Throws<ArgumentException>(() => writer.Add("k", 2)).Message);
        Assert.Contains("'t' was added before", Assert.Throws<ArgumentException>(() => writer.Add("t", Tensor.Zeros(new Shape(1)))).Message);
        Assert.Contains("has type Decimal", Assert.Throws<ArgumentException>(() => writer.Add("d", 1m)).Message);
        Assert.Contains("has type Int32[,]", Assert.Throws<ArgumentException>(() => writer.Add("d", new int[1, 1])).Message);
        Assert.Throws<ArgumentNullException>(() => writer.Add("d", new string?[] { null }));
        foreach (object alignment in (object[])[4u, 24u, 32, "32"]) Assert.Contains("expected a power of two of at least 8 stored as uint32",
            Assert.Throws<ArgumentException>(() => writer.Add("general.alignment", alignment)).Message);
        IEnumerable<ReadOnlyMemory<byte>> none = [];
        Assert.Contains("Q4_K stores blocks of 256 values", Assert.Throws<ArgumentException>(() => writer.Add("q", new Shape(32), Type("Q4_K"), none)).Message);
    }

    [Theory]
    [InlineData(8u)]
    [InlineData(64u)]
    [InlineData(4096u)]
    public void Write_StatedAlignment_PlacesTensorsOnIt(uint alignment)
    {
        GgufWriter writer = new GgufWriter().Add("general.alignment", alignment).Add("a", Tensor.FromFloats([1], 1)).Add("b", Tensor.FromFloats([2, 3], 2));
        using TemporaryFile disk = new(GgufFileTests.Bytes(writer));
        using GgufFile file = GgufFile.Open(disk.Path);
        Assert.Equal(alignment, file.Metadata["general.alignment"]);
        Assert.Equal([0, 0, 0], [file.ByteLength % alignment, file.Tensors[0].Offset % alignment, file.Tensors[1].Offset % alignment]);
        Assert.Equal(alignment, file.Tensors[1].Offset - file.Tensors[0].Offset); // 4 and 8 bytes, padded
        Assert.Equal([2f, 3], file.GetTensor("b").Floats.ToArray());
    }

    [Fact]
    public void Write_EveryTensorType_IsReadBackEqual()
    {
        byte[] Values(GgufTensorType type) => [.. Enumerable.Range(0, 2 * type.BlockBytes).Select(i => (byte)(i * 7 + type.Id))]; // two rows of a block
        GgufWriter writer = new();
        foreach (GgufTensorType type in GgufTensorType.All)
            writer.Add(type.Name, new Shape(2, type.BlockSize), type, [Values(type).AsMemory(0, type.BlockBytes), Values(type).AsMemory(type.BlockBytes)]);
        using TemporaryFile disk = new(GgufFileTests.Bytes(writer));
        using GgufFile file = GgufFile.Open(disk.Path);
        Assert.Equal(GgufTensorType.All, file.Tensors.Select(t => t.Type));
        foreach (GgufTensorInfo info in file.Tensors)
        {
            Assert.Equal(new Shape(2, info.Type.BlockSize), info.Shape);
            Assert.True(file.GetBytes(info.Name).Span.SequenceEqual(Values(info.Type)), info.Name);
        }
    }

    [Fact]
    public void Write_PartsOfAnotherSize_IsRefused()
    {
        GgufWriter writer = new GgufWriter().Add("x", new Shape(2), Type("F32"), [new byte[4], new byte[3]]);
        Assert.Equal("GgufWriter: tensor 'x' [2] of F32 has 8 bytes; its parts had 7.",
            Assert.Throws<InvalidOperationException>(() => GgufFileTests.Bytes(writer)).Message);
    }

    private static GgufTensorType Type(string name) => GgufTensorType.All.Single(type => type.Name == name);
}
