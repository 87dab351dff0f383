using System.Text;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>
/// Byte-pair encoding as a learner would write it, slow and plain, with each step exchangeable: the solution of exercise 3.4 when
/// nothing is exchanged, and one of its typical mistakes when one step is.
/// </summary>
/// <param name="tokens">[V] the bytes of each id; none for a control token.</param>
/// <param name="merges">The merges in the order in which they were learned.</param>
/// <param name="special">The ids with a meaning of their own.</param>
internal sealed class TeachingTokenizer(byte[][] tokens, BpeMerge[] merges, SpecialTokens special) : ITokenizer
{
    /// <summary>Cuts a text into words, as bytes.</summary>
    public Func<string, IEnumerable<byte[]>> Words { get; init; } = WordsOf;

    /// <summary>Which pair of neighbours merges next; see <see cref="EncodeWordExercise.Encode"/>.</summary>
    public Func<int[], int, int> Choose { get; init; } = EncodeWordExercise.LowestRank;

    /// <summary>The last step of Encode.</summary>
    public Func<int[], int[]> Finish { get; init; } = ids => ids;

    /// <summary>The bytes of an id, for <see cref="GetBytes"/>.</summary>
    public Func<int, byte[]> BytesOf { get; init; } = id => tokens[id];

    /// <summary>The bytes of an id, for <see cref="Decode"/>.</summary>
    public Func<int, byte[]> DecodedBytesOf { get; init; } = id => tokens[id];

    /// <summary>The tokens' bytes become text.</summary>
    public Func<IEnumerable<byte[]>, string> Join { get; init; } = parts => Encoding.UTF8.GetString([.. parts.SelectMany(part => part)]);

    /// <inheritdoc/>
    public int VocabSize { get; init; } = tokens.Length;

    /// <inheritdoc/>
    public SpecialTokens SpecialTokens => special;

    /// <inheritdoc/>
    public int[] Encode(string text) => Finish([.. Words(text).SelectMany(word => EncodeWordExercise.Encode(word, merges, Choose))]);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> GetBytes(int id) => BytesOf(id);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids) => Join(ids.ToArray().Select(DecodedBytesOf));

    /// <summary>The words of GPT-2's pattern.</summary>
    internal static IEnumerable<byte[]> WordsOf(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int start = 0;
        foreach (int end in PreTokenizer.Gpt2.Split(bytes))
        {
            yield return bytes[start..end];
            start = end;
        }
    }
}
