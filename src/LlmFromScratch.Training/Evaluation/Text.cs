namespace LlmFromScratch.Training.Evaluation;

/// <summary>Texts cut into sentences and words, for measurements that must not hang on case and punctuation.</summary>
internal static class Text
{
    /// <summary>The sentences of a text, each with its mark.</summary>
    public static IEnumerable<string> Sentences(string text)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool ends = text[i] == '\n' || (text[i] is '.' or '!' or '?' && (i + 1 == text.Length || text[i + 1] is ' ' or '\n' or '"'));
            if (!ends) continue;
            int end = i + 1 < text.Length && text[i + 1] == '"' ? i + 2 : i + 1;
            if (text[start..end].Trim() is { Length: > 0 } sentence) yield return sentence;
            start = end;
            i = end - 1;
        }
        if (text[start..].Trim() is { Length: > 0 } rest) yield return rest;
    }

    /// <summary>The words of a text in small letters.</summary>
    public static List<string> Words(string text)
    {
        char[] letters = [.. text.Select(letter => char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ')];
        return [.. new string(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}
