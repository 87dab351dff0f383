namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// A text as a sparse vector: how often each character n-gram occurs, n from 1 to <see cref="Longest"/>, the n-gram's hash being its place (the hashing trick: Weinberger et al. 2009),
/// scaled to length 1. Letters are lowered; whatever is no letter is one space, and a word has a space on both sides, so that n-grams know where words begin and end.
/// </summary>
internal static class HashedGrams
{
    public const int Longest = 5;
    public const int Size = 1 << 16;
    private const int MostLetters = 20_000; // of a longer text the beginning is judged

    /// <summary>The places that are not 0, in rising order, and their values.</summary>
    public static (int Index, double Value)[] Of(string text)
    {
        char[] letters = Letters(text);
        Dictionary<int, int> counts = [];
        for (int start = 0; start < letters.Length; start++)
            for (int length = 1; length <= Longest && start + length <= letters.Length; length++)
            {
                ReadOnlySpan<char> gram = letters.AsSpan(start, length);
                if (length > 1 && gram[1..^1].Contains(' ')) break; // n-grams stay within a word
                int index = (int)(TextHash.Of(gram) % Size);
                counts[index] = counts.GetValueOrDefault(index) + 1;
            }
        double squares = 0;
        foreach (int count in counts.Values) squares += (double)count * count;
        double scale = squares == 0 ? 0 : 1 / Math.Sqrt(squares);
        return [.. counts.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value * scale))];
    }

    private static char[] Letters(string text)
    {
        List<char> letters = [' '];
        foreach (char letter in text)
        {
            if (letters.Count > MostLetters) break;
            if (char.IsLetter(letter)) letters.Add(char.ToLowerInvariant(letter));
            else if (letter is '\'' or '’' || letters[^1] == ' ') continue;
            else letters.Add(' ');
        }
        if (letters[^1] != ' ') letters.Add(' ');
        return [.. letters];
    }
}
