using System.Buffers.Binary;
using System.Text;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Formats.Gguf;

namespace LlmFromScratch.Tests.Formats.SafeTensors;

public class SafeTensorsFileTests
{
    // Every byte by hand from the format's description: a 2 x 3 matrix of F32 and two bytes.
    private const string Json = """{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"U8","shape":[2],"data_offsets":[24,26]}}""";

    [Fact]
    public void Open_FileWrittenByHand_HasItsTextsAndTensors()
    {
        byte[] values = new byte[26];
        for (int i = 0; i < 6; i++) BinaryPrimitives.WriteSingleLittleEndian(values.AsSpan(4 * i), i + 1);
        (values[24], values[25]) = (7, 9);
        using TemporaryFile disk = new(Bytes(Json, values));
        using SafeTensorsFile file = SafeTensorsFile.Open(disk.Path);
        Assert.Equal([new("format", "pt")], file.Metadata);
        Assert.Equal(["w F32 [2, 3]", "b U8 [2]"], file.Tensors.Select(tensor => tensor.ToString()));
        Assert.Equal((8 + Json.Length, 24, 6), (file.Tensors[0].Offset, file.Tensors[0].ByteLength, file.Tensors[0].Count));
        Assert.Equal(new Shape(2, 3), file.GetTensor("w").Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.GetTensor("w").Floats.ToArray());
        Assert.Equal([7, 9], file.GetBytes("b").ToArray());
        Assert.Contains("'b' at byte 174 has dtype U8; supported: F32, F16", Assert.Throws<NotSupportedException>(() => file.GetTensor("b")).Message);
        Assert.Contains("'c' is missing; the file has 2 tensors", Assert.Throws<InvalidDataException>(() => file.GetTensor("c")).Message);
    }

    [Fact]
    public void GetTensor_FileDisposed_ThrowsInsteadOfReadingUnmappedMemory()
    {
        using TemporaryFile disk = new(Bytes(Json, new byte[26]));
        SafeTensorsFile file = SafeTensorsFile.Open(disk.Path);
        Tensor tensor = file.GetTensor("w");
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Floats[0]);
    }

    [Fact]
    public void Open_CutAtEveryByte_IsRefused()
    {
        byte[] whole = Bytes(Json, new byte[26]);
        for (int length = 0; length < whole.Length; length++) Assert.IsType<InvalidDataException>(Parse(whole[..length]));
        Assert.Null(Parse(whole));
        Assert.Contains("expected the file to end with tensor 'b', at byte 176, got 1 more bytes", Parse([.. whole, 0])?.Message);
    }

    // Each row changes the header in one place; an expectation names the field, what was expected and what is there.
    [Theory]
    [InlineData("[0,24]", "[0,25]", "tensor 'w': data_offsets at byte 40: expected 24 bytes (6 values of F32), got 25")]
    [InlineData("[0,24]", "[4,24]", "expected 24 bytes")]
    [InlineData("[0,24]", "[24,0]", "tensor 'w': data_offsets at byte 40: expected begin and end within the file's")]
    [InlineData("[0,24]", "[0]", "got [0]")]
    [InlineData("[0,24]", "[0,24,0]", "got [0, 24, 0]")]
    [InlineData("[0,24]", "[-1,24]", "expected whole numbers from 0 to 2^63 - 1, got another number")]
    [InlineData("[0,24]", "[0,9223372036854775808]", "got another number")]
    [InlineData("[0,24]", "[0,9223372036854775807]", "expected begin and end within")]
    [InlineData("[0,24]", "[0,2.4e1]", "got another number")]
    [InlineData("[0,24]", "[\"0\",24]", "got a text")]
    [InlineData("[0,24]", "{}", "tensor 'w': data_offsets at byte 88: expected an array, got an object")]
    [InlineData("[2,3]", "[9223372036854775807,2]", "tensor 'w': shape at byte 40: expected at most the file's")]
    [InlineData("[2,3]", "[4294967296,4294967296]", "expected at most the file's")]
    [InlineData("[2,3]", "[[2],3]", "got an array")]
    [InlineData("[24,26]", "[20,22]", "tensor 'b' at byte 170: expected to start where tensor 'w' ends, at byte 174; they overlap")]
    [InlineData("\"U8\"", "\"U7\"", "has dtype 'U7', which is not known; supported: F32, F16")]
    [InlineData("\"U8\"", "8", "tensor 'b': dtype at byte 109: expected a text, got a number")]
    [InlineData("\"b\":", "\"w\":", "header at byte 96: expected a new name, got 'w' again")]
    [InlineData("\"b\":", "\"__metadata__\":", "header at byte 96: expected a new name, got '__metadata__' again")]
    [InlineData("\"shape\":[2,3]", "\"dtype\":\"F32\"", "tensor 'w' at byte 59: expected a new key, got 'dtype' again")]
    [InlineData("\"shape\":[2,3]", "\"form\":[2,3]", "tensor 'w': keys at byte 40: expected dtype, shape and data_offsets")]
    [InlineData("\"pt\"", "7", "__metadata__ 'format' at byte 34: expected a text, got a number")]
    [InlineData("\"pt\"", "\"\\ud800\"", "expected a text of whole characters")]
    [InlineData("26]}}", "26]}} x", "expected JSON")]
    [InlineData("26]}}", "26]}}{}", "expected JSON")]
    [InlineData("{\"__meta", " {\"__meta", "header at byte 8: expected '{', got the byte 20")]
    [InlineData("{\"w\"", "{\"w", "expected JSON")]
    [InlineData("{\"__metadata__\":{\"format\":\"pt\"}", "{\"x\":{\"y\":[[[[[[[[[0]]]]]]]]]}", "expected JSON")] // deeper than a header goes
    public void Open_BadHeader_NamesFieldByteExpectedAndGot(string old, string change, string expected)
    {
        string json = Json.Replace(old, change);
        if (json == Json) json = Json.Replace("\"w\":", "\"w:"); // the row about an open quote
        Exception failure = Assert.ThrowsAny<Exception>(() => { _ = SafeTensorsHeader.Parse("test.safetensors", Bytes(json, new byte[26]), 8 + json.Length + 26); });
        Assert.True(failure is InvalidDataException or NotSupportedException, failure.ToString());
        Assert.Contains(expected, failure.Message);
        Assert.StartsWith("test.safetensors: ", failure.Message);
    }

    [Fact]
    public void Open_HoleBetweenTensors_IsRefused()
    {
        string json = Json.Replace("[24,26]", "[25,27]");
        Assert.Contains("expected to start where tensor 'w' ends, at byte 174; there is a hole", Parse(Bytes(json, new byte[27]))?.Message);
    }

    [Theory]
    [InlineData(0ul, "expected '{', got nothing")]
    [InlineData(1ul << 62, "header length at byte 0: expected at most")]
    [InlineData(ulong.MaxValue, "header length at byte 0")]
    public void Open_BadHeaderLength_IsRefusedBeforeAllocating(ulong length, string expected)
    {
        byte[] bytes = Bytes(Json, new byte[26]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? failure = Parse(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains(expected, Assert.IsType<InvalidDataException>(failure).Message);
    }

    [Fact]
    public void Open_HeaderThatIsNoUtf8_IsRefused()
    {
        byte[] bytes = Bytes(Json, new byte[26]);
        bytes[bytes.AsSpan().IndexOf("pt"u8)] = 0xFF;
        Assert.Contains("expected UTF-8 text", Parse(bytes)?.Message);
    }

    [Fact]
    public void Open_EmptyTensorsAndSpacesAfterTheHeader_AreSound()
    {
        string json = """{"none":{"dtype":"F32","shape":[9000000000,0,5],"data_offsets":[0,0]},"one":{"dtype":"F32","shape":[],"data_offsets":[0,4],"note":{"a":[1]}}}   """;
        using TemporaryFile disk = new(Bytes(json, [0, 0, 0x80, 0x3F]));
        using SafeTensorsFile file = SafeTensorsFile.Open(disk.Path);
        Assert.Equal([9_000_000_000, 0, 5], file.Tensors[0].Sizes);
        Assert.Contains("up to 4 axes of up to 2147483647", Assert.Throws<NotSupportedException>(() => file.GetTensor("none")).Message);
        Assert.Equal(1f, Assert.Single(file.GetTensor("one").Floats.ToArray())); // a scalar
    }

    internal static byte[] Bytes(string json, ReadOnlySpan<byte> values)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. values];
    }

    private static Exception? Parse(byte[] bytes) => Record.Exception(() => { _ = SafeTensorsHeader.Parse("test.safetensors", bytes, bytes.Length); });
}
