using System.Text;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// Cuts a text at the tokens that its vocabulary calls user-defined, before anything else looks at it: longer tokens first, then lower ids, then
/// from the left, as llama.cpp does. One pass over the text finds all occurrences through a tree of the tokens' bytes.
/// </summary>
internal sealed class UserDefinedTokens
{
    private readonly Dictionary<(int Node, byte Next), int> _children = [];
    private readonly List<(int Id, int Length)> _tokenAt = [(-1, 0)]; // for each node, the token that ends there; node 0 is the root

    public UserDefinedTokens(Vocabulary vocabulary)
    {
        for (int id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] == TokenKind.UserDefined) Add(id, Encoding.UTF8.GetBytes(vocabulary.Texts[id]));
    }

    /// <summary>A part of the text: a user-defined token, or text in between (Id -1).</summary>
    public readonly record struct Fragment(int Start, int Length, int Id);

    /// <summary>The parts of <paramref name="text"/> in order; together they are the whole text.</summary>
    public List<Fragment> Split(ReadOnlySpan<byte> text)
    {
        List<Fragment> chosen = _tokenAt.Count == 1 ? [] : Choose(FindAll(text), text.Length);
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

    private void Add(int id, byte[] bytes)
    {
        int node = 0;
        foreach (byte next in bytes)
        {
            if (!_children.TryGetValue((node, next), out int child))
            {
                child = _tokenAt.Count;
                _tokenAt.Add((-1, 0));
                _children.Add((node, next), child);
            }
            node = child;
        }
        if (node != 0 && _tokenAt[node].Id < 0) _tokenAt[node] = (id, bytes.Length);
    }

    private List<Fragment> FindAll(ReadOnlySpan<byte> text)
    {
        List<Fragment> found = [];
        for (int start = 0; start < text.Length; start++)
        {
            int node = 0;
            for (int i = start; i < text.Length && _children.TryGetValue((node, text[i]), out node); i++)
                if (_tokenAt[node].Id >= 0) found.Add(new Fragment(start, _tokenAt[node].Length, _tokenAt[node].Id));
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
