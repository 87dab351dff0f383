using System.Text;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Training;

/// <summary>One id a byte, and 256 for the end of a text: enough for tests of what happens after tokenization.</summary>
internal sealed class ByteTokenizer : ITokenizer
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    public int VocabSize => 257;

    public SpecialTokens SpecialTokens { get; } = new() { EndOfSequence = 256 };

    public int[] Encode(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public ReadOnlySpan<byte> GetBytes(int id) => id == 256 ? [] : Bytes.AsSpan(id, 1);

    public string Decode(ReadOnlySpan<int> ids) => Encoding.UTF8.GetString([.. ids.ToArray().Where(id => id < 256).Select(id => (byte)id)]);
}
