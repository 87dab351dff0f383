using System.Runtime.InteropServices;
using LlmFromScratch.Formats.Llama2c;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Formats.Gguf;

namespace LlmFromScratch.Tests.Formats.Llama2c;

public class Llama2cFileTests
{
    // dim 4, hidden_dim 3, 2 layers, 2 heads, 1 kv head (head size 2), 5 tokens, 6 positions.
    private static readonly int[] Sizes = [4, 3, 2, 2, 1, 5, 6];

    // Embedding 20; norm, q, k, v, output, norm, gate, down, up of 2 layers: 2 · (4 + 16 + 8 + 8 + 16 + 4 + 12 + 12 + 12); norm 4; rotary tables 2 · 6 · 1.
    private const int ValueCount = 20 + 2 * 92 + 4 + 12;

    [Fact]
    public void Open_FileByHand_PlacesEveryTensor()
    {
        using TemporaryFile disk = new(Bytes(Sizes, ValueCount));
        using Llama2cFile file = Llama2cFile.Open(disk.Path);
        Assert.Equal((4, 3, 2, 2, 1, 2, 5, 6, true), (file.EmbeddingSize, file.FeedForwardSize, file.LayerCount, file.HeadCount, file.KvHeadCount,
            file.HeadSize, file.VocabSize, file.ContextLength, file.TiedHead));
        AssertTensor("token_embd.weight", new Shape(5, 4), first: 0);
        AssertTensor("blk.1.attn_norm.weight", new Shape(4), first: 24);
        AssertTensor("blk.0.attn_q.weight", new Shape(4, 4), first: 28);
        AssertTensor("blk.1.attn_k.weight", new Shape(2, 4), first: 68);
        AssertTensor("blk.0.attn_v.weight", new Shape(2, 4), first: 76);
        AssertTensor("blk.0.attn_output.weight", new Shape(4, 4), first: 92);
        AssertTensor("blk.0.ffn_norm.weight", new Shape(4), first: 124);
        AssertTensor("blk.0.ffn_gate.weight", new Shape(3, 4), first: 132);
        AssertTensor("blk.0.ffn_down.weight", new Shape(4, 3), first: 156);
        AssertTensor("blk.1.ffn_up.weight", new Shape(3, 4), first: 192);
        AssertTensor("output_norm.weight", new Shape(4), first: 204);
        Assert.Equal(2 + 9 * 2, file.Names.Count);
        Assert.Contains("'output.weight' is missing", Assert.Throws<InvalidDataException>(() => file.GetTensor("output.weight")).Message);

        void AssertTensor(string name, Shape shape, float first)
        {
            Tensor tensor = file.GetTensor(name);
            Assert.Equal((shape, first), (tensor.Shape, tensor.Floats[0]));
        }
    }

    [Fact]
    public void Open_NegativeVocabSize_HasAHeadOfItsOwnAfterTheRotaryTables()
    {
        using TemporaryFile disk = new(Bytes([4, 3, 2, 2, 1, -5, 6], ValueCount + 20));
        using Llama2cFile file = Llama2cFile.Open(disk.Path);
        Assert.Equal((5, false), (file.VocabSize, file.TiedHead));
        Assert.Equal(ValueCount, file.GetTensor("output.weight").Floats[0]);
    }

    [Theory]
    [InlineData(0, 0, "dim at byte 0: expected at least 1, got 0")]
    [InlineData(2, -1, "n_layers at byte 8: expected at least 1, got -1")]
    [InlineData(5, 0, "vocab_size at byte 20")]
    [InlineData(5, int.MinValue, "vocab_size at byte 20")]
    [InlineData(3, 3, "expected a multiple of n_heads 3, got 4")]
    [InlineData(6, 7, "expected 916 bytes, as the seven sizes at byte 0 give, got 908")]
    [InlineData(2, int.MaxValue, "is it a llama2.c file, and whole?")]
    public void Open_BadSize_NamesIt(int index, int value, string expected)
    {
        int[] sizes = [.. Sizes];
        sizes[index] = value;
        using TemporaryFile disk = new(Bytes(sizes, ValueCount));
        string message = Assert.Throws<InvalidDataException>(() => Llama2cFile.Open(disk.Path)).Message;
        Assert.Contains(expected, message);
        Assert.StartsWith(disk.Path, message);
    }

    [Fact]
    public void Open_EveryOtherLength_IsRefused()
    {
        byte[] whole = Bytes(Sizes, ValueCount);
        for (int length = 1; length < whole.Length; length += 7)
        {
            using TemporaryFile disk = new(whole.AsSpan(0, length));
            Assert.Throws<InvalidDataException>(() => Llama2cFile.Open(disk.Path));
        }
    }

    [Fact]
    public void Open_LaterVersion_IsNamed()
    {
        using TemporaryFile disk = new(Bytes([0x616B3432, 1, 2, 2, 1, 5, 6], ValueCount));
        Assert.Contains("version 1 at byte 4", Assert.Throws<NotSupportedException>(() => Llama2cFile.Open(disk.Path)).Message);
    }

    [Fact]
    public void LoadConfig_OddHeadSize_NamesTheFile()
    {
        using TemporaryFile disk = new(Bytes([3, 3, 1, 1, 1, 5, 6], 15 + (3 + 9 * 4 + 3 + 27) + 3 + 12));
        using Llama2cFile file = Llama2cFile.Open(disk.Path);
        string message = Assert.Throws<InvalidDataException>(() => Llama2cLoader.LoadConfig(file)).Message;
        Assert.Contains(disk.Path, message);
        Assert.Contains("HeadSize 3 is odd", message);
    }

    /// <summary>A sound file.</summary>
    internal static byte[] SmallFile() => Bytes(Sizes, ValueCount);

    // The values count up from 0, so that the first value of a tensor tells where it starts.
    private static byte[] Bytes(int[] sizes, int valueCount) =>
        [.. MemoryMarshal.AsBytes(sizes.AsSpan()), .. MemoryMarshal.AsBytes(Enumerable.Range(0, valueCount).Select(i => (float)i).ToArray().AsSpan())];
}
