using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>Exercise 3.5: the most probable way to cut a text, without trying them all.</summary>
internal sealed class UnigramExercise : Exercise<Func<string, Dictionary<string, double>, string[]>>
{
    private const string FortyCharacters = "forty characters", AllCutsTried =
        "all cuts are tried, and their number doubles with every letter: forty letters have 549,755,813,888. Keep for each prefix its best score and where its last "
        + "piece begins; then each prefix is worked out once.";

    /// <inheritdoc/>
    public override string Id => "3.5";

    /// <inheritdoc/>
    public override string Title => "The most probable cut";

    /// <inheritdoc/>
    protected override Func<string, Dictionary<string, double>, string[]> Solution => Unigram.Viterbi;

    /// <inheritdoc/>
    protected override Func<string, Dictionary<string, double>, string[]> Stub => (_, _) => throw new NotImplementedException("exercise 3.5");

    /// <inheritdoc/>
    protected override TimeSpan MostTime => TimeSpan.FromSeconds(5); // the solution takes a millisecond

    /// <inheritdoc/>
    protected override string? WhyNoAnswer(string caseName) => caseName == FortyCharacters ? AllCutsTried : null;

    // No ties: of two best cuts either would be right.
    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<string, Dictionary<string, double>, string[]>>> CreateCases() =>
    [
        Text("ab as a whole", "ab", ("a", -2), ("b", -2), ("ab", -3)),
        Text("ab in two pieces", "ab", ("a", -2), ("b", -2), ("ab", -5)),
        Text("abc: the longest first piece is not the best", "abc", ("a", -3), ("b", -3), ("c", -6), ("ab", -2), ("bc", -2)),
        Text("abcd: more pieces are better than fewer", "abcd",
            ("a", -5), ("b", -5), ("c", -5), ("d", -5), ("ab", -1), ("cd", -1), ("bcd", -1.5), ("abc", -2)),
        Text("abcde: the best start of a prefix is not on the best way", "abcde",
            ("a", -1), ("b", -4), ("c", -4), ("d", -4), ("e", -9), ("bc", -2), ("ab", -3), ("cde", -1), ("de", -6)),
        Text("a likely piece that leads into a dead end", "abcb", ("a", -1), ("ab", -1.5), ("bcb", -3), ("cb", -9), ("b", -6), ("c", -6)),
        Text("abcdef: four pieces are better than three", "abcdef", ("ab", -1), ("cd", -1), ("e", -1), ("f", -1), ("a", -3), ("bcde", -4), ("c", -3), ("def", -4)),
        Text("aaaa", "aaaa", ("a", -2), ("aa", -3), ("aaa", -4.5)),
        Text("one character", "a", ("a", -2)),
        Text("nothing at all", "", ("a", -2)),
        Text(FortyCharacters, string.Concat(Enumerable.Repeat("abcde", 8)),
            ("a", -3), ("b", -3.5), ("c", -3.25), ("d", -4), ("e", -2.5), ("ab", -4.25), ("cde", -6), ("ea", -3.75), ("bcd", -5), ("abcd", -9)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("longest piece first",
            "from the left, the longest piece that fits is taken. That never takes a choice back: a long first piece can force a bad rest.",
            (text, table) => Greedy(text, table, piece => piece.Length)),
        Mistake("likeliest piece first",
            "from the left, the most probable piece that fits is taken. The product over the whole text counts, not the next factor.",
            (text, table) => Greedy(text, table, piece => table[piece])),
        Mistake("fewest pieces", FewestPieces,
            (text, table) => Unigram.Viterbi(text, table.ToDictionary(pair => pair.Key, pair => -1 + pair.Value / 1e6))),
        Mistake("fewest pieces, the last the longest", FewestPieces + " (Of equals, the one with the longest last piece.)",
            (text, table) => Fewest(text, table, shortestLast: false)),
        Mistake("fewest pieces, the last the shortest", FewestPieces + " (Of equals, the one with the shortest last piece.)",
            (text, table) => Fewest(text, table, shortestLast: true)),
        Mistake("fewest pieces, the first the longest", FewestPieces + " (Of equals, the one with the longest first piece.)",
            (text, table) => FromTheRight(text, table, shortestFirst: false)),
        Mistake("fewest pieces, the first the shortest", FewestPieces + " (Of equals, the one with the shortest first piece.)",
            (text, table) => FromTheRight(text, table, shortestFirst: true)),
        Mistake("all cuts tried", AllCutsTried, (text, table) => Unigram.AllCuts(text, table).MaxBy(cut => Unigram.Score(cut, table)) ?? []),
        Mistake("least probable",
            "the cut with the lowest score is taken. Logarithms of probabilities are negative: the best score is the one nearest to 0.",
            (text, table) => Unigram.Viterbi(text, table.ToDictionary(pair => pair.Key, pair => -pair.Value))),
        Mistake("read backwards",
            "the pieces are right and stand in reverse. Walking back from the end finds the last piece first: turn the list round.",
            (text, table) => [.. Unigram.Viterbi(text, table).Reverse()]),
        Mistake("single characters",
            "every character is a piece of its own. Try every start of the last piece, not only the character before.",
            (text, _) => [.. text.Select(c => c.ToString())]),
        Mistake("score of the last piece only",
            "a way is judged by its last piece alone. The score of an end is the score of the start plus that of the piece.",
            LastPieceOnly),
        Mistake("best starts at 0",
            "the best score of each end starts at 0, and no sum of logarithms is above 0, so nothing ever replaces it and the whole text comes "
            + "back. Start at −∞.",
            (text, _) => text.Length == 0 ? [] : [text]),
        Mistake("logarithms multiplied",
            "the scores along a way are multiplied. Probabilities are multiplied; their logarithms are added.",
            LogarithmsMultiplied),
    ];

    private const string FewestPieces = "the cut with the fewest pieces is taken. Two likely pieces can beat one unlikely one: add up the logarithms.";

    private static ExerciseCase<Func<string, Dictionary<string, double>, string[]>> Text(
        string name, string text, params (string Piece, double Score)[] table) =>
        Case(name, (cut, _) => Answer.Of(cut(text, table.ToDictionary(row => row.Piece, row => row.Score, new CountedLookups())), i => $"piece {i}"));

    private static string[] Fewest(string text, Dictionary<string, double> table, bool shortestLast)
    {
        int[] pieces = new int[text.Length + 1], cut = new int[text.Length + 1]; // [n + 1]
        for (int end = 1; end <= text.Length; end++)
        {
            pieces[end] = int.MaxValue / 2;
            for (int start = 0; start < end; start++)
                if (table.ContainsKey(text[start..end]) && (shortestLast ? pieces[start] + 1 <= pieces[end] : pieces[start] + 1 < pieces[end]))
                    (pieces[end], cut[end]) = (pieces[start] + 1, start);
        }
        return CutAt(text, cut);
    }

    // The mirror image of Fewest: ties are decided by the first piece.
    private static string[] FromTheRight(string text, Dictionary<string, double> table, bool shortestFirst) =>
        [.. Fewest(Mirrored(text), table.ToDictionary(pair => Mirrored(pair.Key), pair => pair.Value), shortestFirst).Select(Mirrored).Reverse()];

    private static string Mirrored(string text) => string.Concat(text.Reverse());

    private static string[] Greedy(string text, Dictionary<string, double> table, Func<string, double> prefer)
    {
        List<string> pieces = [];
        for (int at = 0; at < text.Length; at += pieces[^1].Length)
            pieces.Add(table.Keys.Where(piece => text.AsSpan(at).StartsWith(piece)).MaxBy(prefer) ?? text[at..]);
        return [.. pieces];
    }

    private static string[] LastPieceOnly(string text, Dictionary<string, double> table)
    {
        List<string> pieces = [];
        for (int end = text.Length; end > 0; end -= pieces[0].Length)
        {
            IEnumerable<string> fitting = table.Keys.Where(piece => text[..end].EndsWith(piece, StringComparison.Ordinal));
            pieces.Insert(0, fitting.MaxBy(piece => table[piece]) ?? text[..end]);
        }
        return [.. pieces];
    }

    private static string[] LogarithmsMultiplied(string text, Dictionary<string, double> table)
    {
        double[] best = new double[text.Length + 1]; // [n + 1]
        int[] cut = new int[text.Length + 1];        // [n + 1]
        best[0] = 1;
        for (int end = 1; end <= text.Length; end++)
        {
            best[end] = double.NegativeInfinity;
            for (int start = 0; start < end; start++)
                if (table.TryGetValue(text[start..end], out double score) && best[start] * score > best[end])
                    (best[end], cut[end]) = (best[start] * score, start);
        }
        return CutAt(text, cut);
    }

    // cut[end]: where the last piece of text[..end] begins.
    private static string[] CutAt(string text, int[] cut)
    {
        List<string> pieces = [];
        for (int end = text.Length; end > 0; end = cut[end]) pieces.Insert(0, text[cut[end]..end]);
        return [.. pieces];
    }
}
