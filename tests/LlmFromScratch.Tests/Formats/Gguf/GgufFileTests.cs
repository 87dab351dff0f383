using System.Text;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Formats.Gguf;

public class GgufFileTests
{
    private static readonly string[] Names = ["a", "b"];

    [Fact]
    public void Open_FileWrittenByHand_HasItsKeysAndTensors()
    {
        // Every byte by hand from the specification: one key of type uint32, one F32 tensor with 3 values a row and 2 rows.
        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("GGUF"u8);
            writer.Write(3u); // version
            writer.Write(1ul); // tensors
            writer.Write(1ul); // keys
            WriteText(writer, "answer");
            writer.Write(4u); // uint32
            writer.Write(42u);
            WriteText(writer, "w");
            writer.Write(2u); // axes
            writer.Write(3ul); // the fastest axis first
            writer.Write(2ul);
            writer.Write(0u); // F32
            writer.Write(0ul); // offset in the data
            while (stream.Position % 32 != 0) writer.Write((byte)0);
            for (int i = 1; i <= 6; i++) writer.Write((float)i);
        }
        using TemporaryFile disk = new(stream.ToArray());
        using GgufFile file = GgufFile.Open(disk.Path);
        Assert.Equal(3u, file.Version);
        Assert.Equal(42, file.Metadata.GetInt32("answer"));
        GgufTensorInfo info = Assert.Single(file.Tensors);
        Assert.Equal(("w", new Shape(2, 3), "F32", 24L), (info.Name, info.Shape, info.Type.Name, info.ByteLength));
        Assert.Equal(96, info.Offset); // 24 fixed + 8 + 6 + 4 + 4 + 8 + 1 + 4 + 16 + 4 + 8 = 87, aligned to 32
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.GetTensor("w").Floats.ToArray());
    }

    [Fact]
    public void GetTensor_Written_ChangesNeitherFileNorOtherReaders()
    {
        using TemporaryFile disk = new(SmallFile());
        using GgufFile file = GgufFile.Open(disk.Path);
        file.GetTensor("x").Floats[0] = 99;
        using GgufFile other = GgufFile.Open(disk.Path);
        Assert.Equal(1, other.GetTensor("x").Floats[0]);
        Assert.Equal(SmallFile(), File.ReadAllBytes(disk.Path));
    }

    [Fact]
    public void GetTensor_FileDisposed_ThrowsInsteadOfReadingUnmappedMemory()
    {
        using TemporaryFile disk = new(SmallFile());
        GgufFile file = GgufFile.Open(disk.Path);
        Tensor tensor = file.GetTensor("x");
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Floats[0]);
    }

    [Fact]
    public void GetTensor_TypeThatHoldsNoWeights_IsListedButNotLoaded()
    {
        byte[] bytes = SmallFile();
        ReplaceOnce(bytes, [1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0]); // F32 -> I16
        using TemporaryFile disk = new(bytes);
        using GgufFile file = GgufFile.Open(disk.Path);
        Assert.Equal(("I16", 8L), (file.Tensors[0].Type.Name, file.Tensors[0].ByteLength));
        string message = Assert.Throws<NotSupportedException>(() => file.GetTensor("x")).Message;
        Assert.Contains("supported: F32, F16, Q8_0, I32", message);
    }

    [Fact]
    public void Metadata_MissingKey_NamesFileAndKey()
    {
        using TemporaryFile disk = new(SmallFile());
        using GgufFile file = GgufFile.Open(disk.Path);
        string message = Assert.Throws<InvalidDataException>(() => file.Metadata.GetString("general.name")).Message;
        Assert.Contains(disk.Path, message);
        Assert.Contains("'general.name' is missing", message);
    }

    [Fact]
    public void Metadata_WrongType_SaysExpectedAndGot()
    {
        using TemporaryFile disk = new(SmallFile());
        using GgufFile file = GgufFile.Open(disk.Path);
        Assert.Contains("expected String, got UInt32 (7)", Assert.Throws<InvalidDataException>(() => file.Metadata.GetString("n")).Message);
        Assert.Contains("expected an integer, got String[]", Assert.Throws<InvalidDataException>(() => file.Metadata.GetInt32("names")).Message);
        Assert.Throws<InvalidDataException>(() => file.Metadata.GetArray<int>("names"));
        Assert.False(file.Metadata.TryGetInt32("absent", out _));
    }

    [Fact]
    public void Metadata_IntegerAboveInt_IsRefused()
    {
        using TemporaryFile disk = new(Bytes(new GgufWriter().Add("big", 4294967295u).Add("small", -1L)));
        using GgufFile file = GgufFile.Open(disk.Path);
        Assert.Equal(-1, file.Metadata.GetInt32("small"));
        Assert.Contains("got 4294967295", Assert.Throws<InvalidDataException>(() => file.Metadata.GetInt32("big")).Message);
    }

    [Fact]
    public void Open_EmptyFile_IsRefused()
    {
        using TemporaryFile disk = new([]);
        Assert.Contains("empty", Assert.Throws<InvalidDataException>(() => GgufFile.Open(disk.Path)).Message);
    }

    /// <summary>Two keys and one F32 tensor [4], as the mutation tests use it.</summary>
    internal static byte[] SmallFile() =>
        Bytes(new GgufWriter().Add("n", 7u).Add("names", Names).Add("x", Tensor.FromFloats([1, 2, 3, 4], 4)));

    internal static byte[] Bytes(GgufWriter writer)
    {
        using MemoryStream stream = new();
        writer.Write(stream);
        return stream.ToArray();
    }

    internal static void ReplaceOnce(byte[] bytes, ReadOnlySpan<byte> old, ReadOnlySpan<byte> replacement)
    {
        int at = bytes.AsSpan().IndexOf(old);
        Assert.True(at >= 0, "the bytes to replace are not in the file");
        Assert.Equal(-1, bytes.AsSpan(at + 1).IndexOf(old));
        replacement.CopyTo(bytes.AsSpan(at));
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write((ulong)text.Length);
        writer.Write(Encoding.ASCII.GetBytes(text));
    }
}
