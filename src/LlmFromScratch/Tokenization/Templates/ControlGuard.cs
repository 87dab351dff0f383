using System.Text;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>
/// Keeps users from writing control tokens. Before a conversation goes into a template, every name of a control token in it gets a guard behind its first
/// character: a code point that Unicode reserves for a program's own use (U+FDD0 to U+FDEF) and that the conversation does not contain. Afterwards only the names
/// that the template itself wrote are whole; the guards are taken out where text is encoded.
/// </summary>
internal sealed class ControlGuard
{
    private const char First = '\uFDD0', Last = '\uFDEF';

    private readonly ByteTrie _names = new();
    private readonly char _guard;

    /// <param name="controlTokens">The names of the control tokens.</param>
    /// <param name="texts">All texts of the conversation.</param>
    /// <exception cref="ArgumentException">The conversation uses up all 32 code points.</exception>
    public ControlGuard(IEnumerable<(string Name, int Id)> controlTokens, IEnumerable<string> texts)
    {
        foreach ((string name, int id) in controlTokens) _names.Add(Encoding.UTF8.GetBytes(name), id, replaces: false);
        HashSet<char> used = [.. texts.SelectMany(text => text.Where(IsGuard))];
        for (_guard = First; used.Contains(_guard); _guard++)
            if (_guard == Last) throw new ArgumentException("A message contains all of U+FDD0 to U+FDEF, which are no characters; take them out.");
    }

    /// <summary>Whether a character may be a guard.</summary>
    public static bool IsGuard(char c) => c is >= First and <= Last;

    /// <summary>A text of the user's in which no control token's name is whole.</summary>
    public string Protect(string text)
    {
        if (_names.IsEmpty) return text;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        StringBuilder? result = null;
        int taken = 0; // bytes
        for (int at = 0; at < bytes.Length; at++)
        {
            if (LongestName(bytes, at, out _) == 0) continue;
            int next = at + Utf8.CharacterLength(bytes.AsSpan(at));
            (result ??= new StringBuilder()).Append(Encoding.UTF8.GetString(bytes[taken..next])).Append(_guard);
            taken = next;
        }
        return result is null ? text : result.Append(Encoding.UTF8.GetString(bytes[taken..])).ToString();
    }

    /// <summary>A rendered text without the guards, as it would be shown.</summary>
    public string Reveal(string rendered) => rendered.Replace(_guard.ToString(), "", StringComparison.Ordinal);

    /// <summary>The ids of a rendered text: control tokens where the template wrote their names, the tokenizer's ids for what stands between.</summary>
    public int[] Encode(string rendered, ITokenizer tokenizer)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(rendered);
        List<int> ids = [];
        int taken = 0;
        for (int at = 0; at < bytes.Length;)
        {
            int length = LongestName(bytes, at, out int id);
            if (length <= Utf8.CharacterLength(bytes.AsSpan(at))) // a name of one character has no room for a guard, so it is never one
            {
                at++;
                continue;
            }
            EncodeText(bytes.AsSpan(taken..at), tokenizer, ids);
            ids.Add(id);
            at = taken = at + length;
        }
        EncodeText(bytes.AsSpan(taken), tokenizer, ids);
        return [.. ids];
    }

    private void EncodeText(ReadOnlySpan<byte> text, ITokenizer tokenizer, List<int> ids)
    {
        if (text.IsEmpty) return;
        ids.AddRange(tokenizer.Encode(Encoding.UTF8.GetBytes(Reveal(Encoding.UTF8.GetString(text)))));
    }

    private int LongestName(ReadOnlySpan<byte> text, int at, out int id)
    {
        (int length, id) = (0, -1);
        for (int i = at, node = 0; i < text.Length && _names.TryStep(ref node, text[i], out int found); i++)
            if (found >= 0) (length, id) = (i + 1 - at, found);
        return length;
    }
}
