using System.Text;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>Exercise 3.3: a word becomes tokens, by the ranks of the merges.</summary>
internal sealed class EncodeWordExercise : Exercise<Func<byte[], BpeMerge[], int[]>>
{
    /// <inheritdoc/>
    public override string Id => "3.3";

    /// <inheritdoc/>
    public override string Title => "Encode a word by the ranks of the merges";

    /// <inheritdoc/>
    protected override Func<byte[], BpeMerge[], int[]> Solution => (word, merges) => Encode(word, merges, LowestRank);

    /// <inheritdoc/>
    protected override Func<byte[], BpeMerge[], int[]> Stub => (_, _) => throw new NotImplementedException("exercise 3.3");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<byte[], BpeMerge[], int[]>>> CreateCases() =>
    [
        Word("ab with the merge a b", "ab", "a b"),
        Word("xab with the merge a b", "xab", "a b"),
        Word("abc: b c was learned before a b", "abc", "b c", "a b"),
        Word("abab: one merge at two places", "abab", "a b"),
        Word("the: a merge of a merge", "the", "t h", "th e"),
        Word("abc: two merges lead to the longest token", "abc", "b c", "a bc", "a b"),
        Word("abcd: the longest token cannot be reached", "abcd", "b c", "a b", "c d", "ab cd"),
        Word("abcde: the longest first token is not what the ranks give", "abcde", "d e", "c de", "a b", "ab c"),
        Word("aaa with a a", "aaa", "a a"),
        Word("aaaaa with a a and aa a", "aaaaa", "a a", "aa a"),
        Word("aba: b a was learned before a b", "xaba", "b a", "a b", "x a"),
        Word("no merge applies", "xyz", "a b"),
        Word("a word of one byte", "a", "a b"),
        Word("für: a letter of two bytes", "für", "f Ã", "Ã ¼", "Ã¼ r"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("text order",
            "the first pair from the left that can merge is merged, whatever its rank. The merge that was learned first goes first, wherever in "
            + "the word it stands.",
            (word, merges) => Encode(word, merges, (ranks, _) => Array.FindIndex(ranks, rank => rank >= 0))),
        Mistake("highest rank first",
            "the merge learned last goes first. The lowest rank wins: it was the most frequent.",
            (word, merges) => Encode(word, merges, (ranks, _) => ranks.Max() < 0 ? -1 : Array.IndexOf(ranks, ranks.Max()))),
        Mistake("stops after the first merge",
            "one merge is applied and the rest is left. Look again after each merge, until no pair of neighbours can merge.",
            (word, merges) => Encode(word, merges, (ranks, step) => step > 0 ? -1 : LowestRank(ranks, step))),
        Mistake("longest token first",
            "from the left, the longest token of the vocabulary is taken. That is WordPiece's way; byte-pair encoding applies the merges, and "
            + "may never reach that token.",
            GreedyLongest),
        Mistake("rightmost first",
            "of equal pairs the one on the right merges first, so “aaa” becomes a [aa]. Training merged from the left.",
            (word, merges) => Encode(word, merges, (ranks, _) => ranks.Where(rank => rank >= 0).DefaultIfEmpty(-1).Min() is var low && low < 0
                ? -1 : Array.LastIndexOf(ranks, low))),
        Mistake("each merge once",
            "a merge is applied at one place only and then crossed off. A merge holds wherever its pair stands.",
            EachOnce),
        Mistake("not merged at all",
            "the bytes come back as they are. Are the merges compared with bytes, where they should be compared with the ids of what was merged "
            + "so far?",
            (word, _) => Array.ConvertAll(word, value => (int)value)),
        Mistake("merges of bytes only",
            "pairs of bytes merge, but a pair with a merged token in it never does. Compare ids, not bytes, and look up the new neighbours after "
            + "each merge.",
            (word, merges) => Encode(word, [.. merges.Where(m => m.Left < 256 && m.Right < 256)], LowestRank)),
        Mistake("place in the list returned",
            "the rank of the merge is returned instead of its id. BpeMerge.Id is the token; the place in the list is only its turn.",
            (word, merges) => Encode(word, merges, LowestRank).Select(id => id < 256 ? id : Array.FindIndex(merges, m => m.Id == id)).ToArray()),
    ];

    /// <summary>
    /// Merges until <paramref name="choose"/> names no pair: it sees the rank of each pair of neighbours (-1: none) and the number of the step.
    /// </summary>
    internal static int[] Encode(byte[] word, BpeMerge[] merges, Func<int[], int, int> choose)
    {
        List<int> ids = [.. word.Select(value => (int)value)];
        for (int step = 0; ids.Count > 1; step++)
        {
            int[] ranks = [.. Enumerable.Range(0, ids.Count - 1)
                .Select(i => Array.FindIndex(merges, m => m.Left == ids[i] && m.Right == ids[i + 1]))];
            int at = choose(ranks, step);
            if (at < 0) break;
            ids[at] = merges[ranks[at]].Id;
            ids.RemoveAt(at + 1);
        }
        return [.. ids];
    }

    /// <summary>The rule of byte-pair encoding: the lowest rank, the leftmost of equals; -1 when nothing can merge.</summary>
    internal static int LowestRank(int[] ranks, int step) =>
        ranks.Where(rank => rank >= 0).DefaultIfEmpty(-1).Min() is var low && low < 0 ? -1 : Array.IndexOf(ranks, low);

    private static int[] GreedyLongest(byte[] word, BpeMerge[] merges)
    {
        Dictionary<int, byte[]> tokens = Enumerable.Range(0, 256).ToDictionary(value => value, value => new[] { (byte)value });
        foreach (BpeMerge merge in merges) tokens[merge.Id] = [.. tokens[merge.Left], .. tokens[merge.Right]];
        List<int> ids = [];
        for (int at = 0; at < word.Length; at += tokens[ids[^1]].Length)
            ids.Add(tokens.Where(token => word.AsSpan(at).StartsWith(token.Value)).MaxBy(token => token.Value.Length).Key);
        return [.. ids];
    }

    private static int[] EachOnce(byte[] word, BpeMerge[] merges)
    {
        List<int> ids = [.. word.Select(value => (int)value)];
        foreach (BpeMerge merge in merges)
        {
            int at = Enumerable.Range(0, ids.Count - 1).FirstOrDefault(i => ids[i] == merge.Left && ids[i + 1] == merge.Right, -1);
            if (at < 0) continue;
            ids[at] = merge.Id;
            ids.RemoveAt(at + 1);
        }
        return [.. ids];
    }

    // Each merge is written "left right", a character a byte (Latin-1); its id is 256 + its place.
    private static ExerciseCase<Func<byte[], BpeMerge[], int[]>> Word(string name, string word, params string[] merges)
    {
        Dictionary<string, int> idOf = Enumerable.Range(0, 256).ToDictionary(value => ((char)value).ToString());
        List<BpeMerge> rules = [];
        foreach (string merge in merges)
        {
            string[] pair = merge.Split(' ');
            idOf.Add(pair[0] + pair[1], 256 + rules.Count);
            rules.Add(new BpeMerge(idOf[pair[0]], idOf[pair[1]], 256 + rules.Count));
        }
        return Case(name, (encode, inputs) => Answer.Of(encode(inputs.Copy(Encoding.UTF8.GetBytes(word)), inputs.Copy(rules.ToArray()))));
    }
}
