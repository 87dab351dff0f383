namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>
/// WordPiece in small: what BERT's vocabulary was made with. Pieces inside a word are written with ## in front. The reference of exercise 3.6.
/// Sources: Schuster and Nakajima 2012; Devlin et al. 2019 (the ## and the greedy match).
/// </summary>
internal static class WordPiece
{
    /// <summary>What stands for a word that cannot be spelled.</summary>
    public const string Unknown = "[UNK]";

    /// <summary>From the left, the longest piece that fits, again and again; a word that gets stuck becomes one <see cref="Unknown"/>.</summary>
    public static string[] Split(string word, string[] vocabulary)
    {
        List<string> pieces = [];
        for (int start = 0; start < word.Length;)
        {
            int end = word.Length;
            while (end > start && !vocabulary.Contains(Piece(word, start, end))) end--;
            if (end == start) return [Unknown];
            pieces.Add(Piece(word, start, end));
            start = end;
        }
        return [.. pieces];
    }

    /// <summary>The pair with the largest <c>count(ab) / (count(a) · count(b))</c>: ties go to the pair that comes first in ordinal order.</summary>
    /// <param name="words">Words as pieces, with their counts.</param>
    public static (string Left, string Right, double Score) BestPair(IReadOnlyList<(string[] Pieces, int Count)> words)
    {
        Dictionary<string, int> single = [];
        Dictionary<(string Left, string Right), int> pairs = [];
        foreach ((string[] pieces, int count) in words)
        {
            foreach (string piece in pieces) single[piece] = single.GetValueOrDefault(piece) + count;
            foreach ((string, string) pair in pieces.Zip(pieces.Skip(1))) pairs[pair] = pairs.GetValueOrDefault(pair) + count;
        }
        return pairs
            .Select(pair => (pair.Key.Left, pair.Key.Right, Score: pair.Value / ((double)single[pair.Key.Left] * single[pair.Key.Right])))
            .OrderByDescending(pair => pair.Score)
            .ThenBy(pair => pair.Left, StringComparer.Ordinal).ThenBy(pair => pair.Right, StringComparer.Ordinal).First();
    }

    private static string Piece(string word, int start, int end) => (start == 0 ? "" : "##") + word[start..end];
}
