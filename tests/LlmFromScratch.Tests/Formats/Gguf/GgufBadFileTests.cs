using System.Buffers.Binary;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Formats.Gguf;

public class GgufBadFileTests
{
    private static readonly byte[] Rank1Of4F32 = [1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]; // axes, size, type of the small file's tensor

    [Fact]
    public void Open_CutAtEveryByte_IsRefused()
    {
        byte[] bytes = GgufFileTests.SmallFile();
        // The last 16 bytes are padding after the tensor's values: without them the file is whole.
        for (int length = 1; length < bytes.Length - 16; length++) Assert.IsType<InvalidDataException>(Parse(bytes[..length]));
        Assert.Null(Parse(bytes[..^16]));
    }

    [Theory]
    [InlineData(8, "tensor count")] // offset of the field in the file
    [InlineData(16, "metadata key count")]
    [InlineData(24, "metadata key 0")] // length of the first key
    public void Open_HugeCount_IsRefusedBeforeAllocating(int offset, string field)
    {
        byte[] bytes = GgufFileTests.SmallFile();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), 1UL << 62);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? failure = Parse(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000); // a message, not 2^62 entries
        Assert.Contains(field, Assert.IsType<InvalidDataException>(failure).Message);
    }

    [Fact]
    public void Open_AnotherMagic_SaysWhatItFound()
    {
        byte[] bytes = GgufFileTests.SmallFile();
        "PK\u0003\u0004"u8.CopyTo(bytes);
        Assert.Equal("test.gguf: magic at byte 0: expected the bytes 47 47 55 46 (\"GGUF\"), got 50 4B 03 04.", Parse(bytes)?.Message);
    }

    [Theory]
    [InlineData(1u, "version 1")]
    [InlineData(1u, "convert the model again")]
    [InlineData(4u, "supported: 2 and 3")]
    [InlineData(0x01000000u, "big-endian")]
    [InlineData(0x03000000u, "big-endian")]
    public void Open_AnotherVersion_IsNotSupported(uint version, string expected)
    {
        byte[] bytes = GgufFileTests.SmallFile();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), version);
        Assert.Contains(expected, Assert.IsType<NotSupportedException>(Parse(bytes)).Message);
    }

    [Fact]
    public void Open_Version2_IsRead()
    {
        byte[] bytes = GgufFileTests.SmallFile();
        bytes[4] = 2;
        Assert.Null(Parse(bytes));
    }

    [Theory]
    [InlineData(new byte[] { 5, 0, 0, 0 }, 0, "axes")]
    [InlineData(new byte[] { 0, 0, 0, 0 }, 0, "axes")]
    [InlineData(new byte[] { 255, 255, 255, 255 }, 4, "at most the file's")] // 4294967295 values: too large an axis
    [InlineData(new byte[] { 5, 0, 0, 0 }, 4, "is it cut off?")] // 5 values need 20 bytes; padding makes 32
    [InlineData(new byte[] { 8, 0, 0, 0 }, 12, "a multiple of 32 (Q8_0 blocks), got 4")]
    [InlineData(new byte[] { 99, 0, 0, 0 }, 12, "ggml type 99")]
    [InlineData(new byte[] { 1, 0, 0, 0 }, 16, "a multiple of 32, got 1")]
    [InlineData(new byte[] { 32, 0, 0, 0 }, 16, "expected 16 bytes, got")]
    public void Open_BadTensorEntry_NamesTheField(byte[] change, int at, string expected)
    {
        byte[] bytes = GgufFileTests.SmallFile()[..^16]; // ends with the tensor's last byte
        change.CopyTo(bytes, bytes.AsSpan().IndexOf(Rank1Of4F32) + at);
        Exception? failure = Parse(bytes);
        Assert.True(failure is InvalidDataException or NotSupportedException);
        Assert.Contains(expected == "at most the file's" ? "at most 2147483647" : expected, failure.Message);
        Assert.Contains("tensor 'x'", failure.Message);
    }

    [Fact]
    public void Open_OverlappingTensors_NamesBoth()
    {
        byte[] bytes = GgufFileTests.Bytes(new GgufWriter().Add("a", Tensor.FromFloats([1], 1)).Add("b", Tensor.FromFloats([2], 1)));
        GgufFileTests.ReplaceOnce(bytes, [0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]); // b's offset
        Assert.Contains("tensor 'b' at byte 96: expected to start after tensor 'a', which ends at byte 100", Parse(bytes)?.Message);
    }

    [Fact]
    public void Open_NameTwice_IsRefused()
    {
        byte[] tensors = GgufFileTests.Bytes(new GgufWriter().Add("a", Tensor.FromFloats([1], 1)).Add("b", Tensor.FromFloats([2], 1)));
        GgufFileTests.ReplaceOnce(tensors, "b"u8, "a"u8);
        Assert.Contains("name of tensor 1 at byte 57: expected a new name, got 'a' again", Parse(tensors)?.Message);
        byte[] keys = GgufFileTests.Bytes(new GgufWriter().Add("a", 1u).Add("b", 2u));
        GgufFileTests.ReplaceOnce(keys, "b"u8, "a"u8);
        Assert.Contains("metadata key 1 at byte 41: expected a new key, got 'a' again", Parse(keys)?.Message);
    }

    [Fact]
    public void Open_BadValues_AreRefused()
    {
        byte[] flag = GgufFileTests.Bytes(new GgufWriter().Add("f", true));
        flag[24 + 8 + 1 + 4] = 2;
        Assert.Contains("0 or 1 (a bool), got 2", Parse(flag)?.Message);
        byte[] text = GgufFileTests.Bytes(new GgufWriter().Add("t", "x"));
        GgufFileTests.ReplaceOnce(text, "x"u8, [0xFF]);
        Assert.Contains("expected UTF-8 text", Parse(text)?.Message);
        byte[] alignment = GgufFileTests.Bytes(new GgufWriter().Add("general.alignment", 32u));
        GgufFileTests.ReplaceOnce(alignment, [32, 0, 0, 0], [24, 0, 0, 0]);
        Assert.Contains("expected a power of two of at least 8 stored as uint32, got 24", Parse(alignment)?.Message);
    }

    [Fact]
    public void Open_ArraysNestedTooDeep_AreRefused()
    {
        // A key whose value is an array of one array of one array ...: 12 bytes a level.
        byte[] bytes = new byte[24 + 8 + 1 + 4 + 12 * 100_000];
        GgufFileTests.Bytes(new GgufWriter().Add("k", new byte[] { 1 })).AsSpan(0, 37).CopyTo(bytes);
        for (int at = 37; at < bytes.Length; at += 12) (bytes[at], bytes[at + 4]) = (9, 1);
        Assert.Contains("nested at most 8 deep", Assert.IsType<InvalidDataException>(Parse(bytes)).Message);
    }

    /// <summary>The exception that the header raises, or null; anything but the two allowed types fails the test.</summary>
    private static Exception? Parse(byte[] bytes)
    {
        Exception? failure = Record.Exception(() => { _ = GgufHeader.Parse("test.gguf", bytes, bytes.Length); });
        Assert.True(failure is null or InvalidDataException or NotSupportedException, failure?.ToString());
        return failure;
    }
}
