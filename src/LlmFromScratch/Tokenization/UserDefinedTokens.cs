using System.Buffers;
using System.Text;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// Cuts a text at the tokens that its vocabulary calls user-defined, before anything else looks at it: longer tokens first, then lower ids, then
/// from the left, as llama.cpp does. One pass over the text finds all occurrences through a tree of the tokens' bytes.
/// </summary>
internal sealed class UserDefinedTokens
{
    private readonly ByteTrie _tokens = new();
    private readonly SearchValues<byte> _firstBytes; // where a token can start

    public UserDefinedTokens(Vocabulary vocabulary)
    {
        HashSet<byte> first = [];
        for (int id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.Kinds[id] != TokenKind.UserDefined || vocabulary.Texts[id].Length == 0) continue;
            byte[] bytes = Encoding.UTF8.GetBytes(vocabulary.Texts[id]);
            _tokens.Add(bytes, id, replaces: false);
            first.Add(bytes[0]);
        }
        _firstBytes = SearchValues.Create([.. first]);
    }

    /// <summary>A part of the text: a user-defined token, or text in between (Id -1).</summary>
    public readonly record struct Fragment(int Start, int Length, int Id);

    /// <summary>The parts of <paramref name="text"/> in order; together they are the whole text.</summary>
    public List<Fragment> Split(ReadOnlySpan<byte> text)
    {
        List<Fragment> chosen = _tokens.IsEmpty ? [] : Choose(FindAll(text), text.Length);
        List<Fragment> parts = new(2 * chosen.Count + 1);
        int end = 0;
        foreach (Fragment token in chosen)
        {
            if (token.Start > end) parts.Add(new Fragment(end, token.Start - end, -1));
            parts.Add(token);
            end = token.Start + token.Length;
        }
        if (text.Length > end) parts.Add(new Fragment(end, text.Length - end, -1));
        return parts;
    }

    private List<Fragment> FindAll(ReadOnlySpan<byte> text)
    {
        List<Fragment> found = [];
        for (int start = 0, next; (next = text[start..].IndexOfAny(_firstBytes)) >= 0; start++)
        {
            start += next;
            int node = 0;
            for (int i = start; i < text.Length && _tokens.TryStep(ref node, text[i], out int id); i++)
                if (id >= 0) found.Add(new Fragment(start, i + 1 - start, id));
        }
        return found;
    }

    private static List<Fragment> Choose(List<Fragment> found, int textLength)
    {
        List<Fragment> chosen = [];
        bool[] taken = new bool[found.Count == 0 ? 0 : textLength];
        foreach (Fragment token in found.OrderByDescending(t => t.Length).ThenBy(t => t.Id).ThenBy(t => t.Start))
        {
            // Tokens already taken are at least as long, so one that overlaps this one covers its first or its last byte.
            if (taken[token.Start] || taken[token.Start + token.Length - 1]) continue;
            taken.AsSpan(token.Start, token.Length).Fill(true);
            chosen.Add(token);
        }
        chosen.Sort((a, b) => a.Start.CompareTo(b.Start));
        return chosen;
    }
}
