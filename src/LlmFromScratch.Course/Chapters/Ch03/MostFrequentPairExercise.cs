using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>Exercise 3.1: the step of training that decides what to merge.</summary>
internal sealed class MostFrequentPairExercise : Exercise<Func<int[][], int[], (int Left, int Right, int Count)>>
{
    private delegate void Add(int left, int right, int by);

    /// <inheritdoc/>
    public override string Id => "3.1";

    /// <inheritdoc/>
    public override string Title => "The most frequent pair";

    /// <inheritdoc/>
    protected override Func<int[][], int[], (int Left, int Right, int Count)> Solution => (words, counts) => Best(Count(words, counts));

    /// <inheritdoc/>
    protected override Func<int[][], int[], (int Left, int Right, int Count)> Stub => (_, _) => throw new NotImplementedException("exercise 3.1");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int[][], int[], (int Left, int Right, int Count)>>> CreateCases() =>
    [
        Words("one word: 1 2 1 2 3", ([1, 2, 1, 2, 3], 1)),
        Words("a rare pair that stands in many words", ([1, 2], 1), ([1, 2, 3], 1), ([4, 5], 9)),
        Words("a pair that would cross a border", ([7, 1], 1), ([2, 1], 1), ([2, 1], 1), ([2, 5, 6], 2), ([5, 6, 3], 2)),
        Words("borders that would win: 1 2 between two words, twice", ([9, 1], 4), ([2, 8], 3), ([7, 1], 2), ([2, 5], 1)),
        Words("a word that stands next to itself", ([1, 1], 3), ([6, 5], 2)),
        Words("three alike: 4 4 4, and 1 2 once", ([4, 4, 4], 1), ([1, 2], 1)),
        Words("3 1 against 1 3, the first more often", ([3, 1], 5), ([1, 3], 4), ([2, 6], 6)),
        Words("a tie: 3 4 comes first, 5 1 is larger, 2 9 has the smallest left id", ([3, 4], 3), ([5, 1], 3), ([2, 9], 3)),
        Words("a tie: 1 2 comes first and is the smaller", ([1, 2], 3), ([4, 4], 3)),
        Words("a tie within one left id: 2 9 comes first, then 2 3", ([2, 9], 3), ([2, 3], 3), ([6, 7], 1)),
        Words("words of a single id, so no pair", ([8], 4), ([1], 2)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("counts of words ignored",
            "each word is counted once, however often it stands in the text. A pair's count grows by the count of its word.",
            (words, counts) => Best(Count(words, Array.ConvertAll(counts, _ => 1)))),
        Mistake("across the border", AcrossTheBorder, (words, counts) => Best(AcrossBorders(words, counts, w => counts[w]))),
        Mistake("across the border, counted for the word behind", AcrossTheBorder + " (Here with the count of the second word.)",
            (words, counts) => Best(AcrossBorders(words, counts, w => counts[w + 1]))),
        Mistake("across the border, counted once", AcrossTheBorder + " (Here each border counts once.)",
            (words, counts) => Best(AcrossBorders(words, counts, _ => 1))),
        Mistake("all words in one row",
            "the words are laid end to end, each once, and pairs are counted in the row: across the borders, and without the counts of the words. A pair lies inside one "
            + "word, and counts as often as its word.",
            (words, _) => Best(Count([[.. words.SelectMany(word => word)]], [1]))),
        Mistake("the text written out",
            "the words are laid end to end, each as often as it stands in the text, and pairs are counted in the row. That makes pairs across borders, also between a word "
            + "and its own repetition. Count inside each word, and multiply.",
            (words, counts) => Best(Count([[.. words.SelectMany((word, w) => Enumerable.Repeat(word, counts[w]).SelectMany(ids => ids))]], [1]))),
        Mistake("every second pair",
            "after a pair the loop jumps over both ids, so 1 2 3 has the pair 1 2 and not 2 3. Every place with a neighbour on its right is a pair.",
            (words, counts) => Best(Count(words, counts, step: 2))),
        Mistake("three alike counted once",
            "4 4 4 is counted as one pair. While counting, pairs may overlap: it holds 4 4 twice. Only the merge must not use an id twice.",
            (words, counts) => Best(CountEach(add =>
            {
                for (int w = 0; w < words.Length; w++)
                    for (int i = 0; i + 1 < words[w].Length; i++)
                    {
                        add(words[w][i], words[w][i + 1], counts[w]);
                        if (i + 2 < words[w].Length && words[w][i] == words[w][i + 1] && words[w][i + 1] == words[w][i + 2]) i++;
                    }
            }))),
        Mistake("order of the two ignored",
            "1 3 and 3 1 are counted as the same pair. Left and right make different tokens: “th” is not “ht”.",
            (words, counts) => Best(CountEach(add =>
                Walk(words, counts, 1, (left, right, by) => add(Math.Min(left, right), Math.Max(left, right), by))))),
        Mistake("tie: first seen",
            "of equally frequent pairs the one seen first is taken. Then the order of the texts decides which tokenizer comes out; take the "
            + "smaller left id, then the smaller right id.",
            (words, counts) => Count(words, counts) is { Count: > 0 } pairs
                ? First(pairs.MaxBy(pair => pair.Value)) : (-1, -1, 0)),
        Mistake("tie: last seen",
            "of equally frequent pairs the one seen last is taken: probably a >= where > was meant. Take the smaller left id, then the smaller "
            + "right id.",
            (words, counts) => Count(words, counts) is { Count: > 0 } pairs
                ? First(pairs.Reverse().MaxBy(pair => pair.Value)) : (-1, -1, 0)),
        Mistake("tie: largest ids",
            "of equally frequent pairs the one with the larger ids is taken. The rule is the smaller left id, then the smaller right id.",
            (words, counts) => Count(words, counts) is { Count: > 0 } pairs
                ? First(pairs.OrderByDescending(p => p.Value).ThenByDescending(p => p.Key).First()) : (-1, -1, 0)),
        Mistake("tie: right id ignored",
            "among equally frequent pairs with the same left id the first seen is taken. Compare the right ids too.",
            (words, counts) => Count(words, counts) is { Count: > 0 } pairs
                ? First(pairs.OrderByDescending(p => p.Value).ThenBy(p => p.Key.Left).First()) : (-1, -1, 0)),
        Mistake("no pair at all",
            "there is no pair in words of a single id, and the code takes the best of nothing. Training ends there: return (-1, -1, 0).",
            (words, counts) => First(Count(words, counts).OrderByDescending(p => p.Value).ThenBy(p => p.Key).First())),
    ];

    private const string AcrossTheBorder =
        "the last id of a word and the first of the next are counted as a pair. Words are separate: no merge crosses a border.";

    private static ExerciseCase<Func<int[][], int[], (int Left, int Right, int Count)>> Words(string name, params (int[] Ids, int Count)[] words) =>
        Case(name, (mostFrequentPair, inputs) =>
        {
            int[][] given = [.. words.Select(word => inputs.Copy(word.Ids))];
            (int left, int right, int count) = mostFrequentPair(given, inputs.Copy(words.Select(word => word.Count).ToArray()));
            return Answer.Of(new[] { left, right, count }, i => i switch { 0 => "the left id", 1 => "the right id", _ => "the count" });
        });

    private static Dictionary<(int Left, int Right), int> Count(int[][] words, int[] counts, int step = 1) =>
        CountEach(add => Walk(words, counts, step, add));

    private static Dictionary<(int Left, int Right), int> CountEach(Action<Add> walk)
    {
        Dictionary<(int Left, int Right), int> pairs = [];
        walk((left, right, by) => pairs[(left, right)] = pairs.GetValueOrDefault((left, right)) + by);
        return pairs;
    }

    // byBorder(w): what the pair between word w and the next one counts.
    private static Dictionary<(int Left, int Right), int> AcrossBorders(int[][] words, int[] counts, Func<int, int> byBorder) => CountEach(add =>
    {
        for (int w = 0; w < words.Length; w++)
        {
            for (int i = 0; i + 1 < words[w].Length; i++) add(words[w][i], words[w][i + 1], counts[w]);
            if (w + 1 < words.Length) add(words[w][^1], words[w + 1][0], byBorder(w));
        }
    });

    private static void Walk(int[][] words, int[] counts, int step, Add add)
    {
        for (int w = 0; w < words.Length; w++)
            for (int i = 0; i + 1 < words[w].Length; i += step) add(words[w][i], words[w][i + 1], counts[w]);
    }

    private static (int Left, int Right, int Count) Best(Dictionary<(int Left, int Right), int> pairs) =>
        pairs.Count == 0 ? (-1, -1, 0) : First(pairs.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First());

    private static (int Left, int Right, int Count) First(KeyValuePair<(int Left, int Right), int> pair) =>
        (pair.Key.Left, pair.Key.Right, pair.Value);
}
