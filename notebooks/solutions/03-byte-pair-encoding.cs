// Solutions of notebooks/03-byte-pair-encoding.ipynb. Each region is the whole cell that takes the place of the exercise's cell.

#region 3.1
(int Left, int Right, int Count) MostFrequentPair(int[][] words, int[] counts)
{
    var pairs = new Dictionary<(int Left, int Right), int>();
    for (int w = 0; w < words.Length; w++)
        for (int i = 0; i + 1 < words[w].Length; i++)                // overlapping: a a a holds the pair a a twice
        {
            var pair = (words[w][i], words[w][i + 1]);
            pairs[pair] = pairs.GetValueOrDefault(pair) + counts[w];
        }

    var best = (Left: -1, Right: -1, Count: 0);
    foreach (var ((left, right), count) in pairs)
        if (count > best.Count || count == best.Count && (left, right).CompareTo((best.Left, best.Right)) < 0)
            best = (left, right, count);
    return best;
}

Check.Run("3.1", MostFrequentPair)
#endregion

#region 3.2
int[] MergePair(int[] ids, int left, int right, int id)
{
    var merged = new List<int>();
    for (int i = 0; i < ids.Length; i++)
    {
        bool isPair = i + 1 < ids.Length && ids[i] == left && ids[i + 1] == right;
        merged.Add(isPair ? id : ids[i]);
        if (isPair) i++;                                             // the right half is used up
    }
    return merged.ToArray();
}

Check.Run("3.2", MergePair)
#endregion

#region 3.3
static int[] EncodeWord(byte[] word, BpeMerge[] merges)
{
    var ranks = new Dictionary<(int Left, int Right), int>();
    for (int rank = 0; rank < merges.Length; rank++) ranks.TryAdd((merges[rank].Left, merges[rank].Right), rank);

    List<int> ids = word.Select(b => (int)b).ToList();
    while (true)
    {
        int lowest = int.MaxValue, at = -1;
        for (int i = 0; i + 1 < ids.Count; i++)
            if (ranks.TryGetValue((ids[i], ids[i + 1]), out int rank) && rank < lowest) (lowest, at) = (rank, i);
        if (at < 0) return ids.ToArray();
        ids[at] = merges[lowest].Id;
        ids.RemoveAt(at + 1);
    }
}

Check.Run("3.3", EncodeWord)
#endregion

#region 3.4
class MyTokenizer : ITokenizer
{
    private readonly byte[][] _tokens;                               // [V]
    private readonly BpeMerge[] _merges;                             // in order of rank

    public MyTokenizer(byte[][] tokens, BpeMerge[] merges, SpecialTokens special) =>
        (_tokens, _merges, SpecialTokens) = (tokens, merges, special);

    public int VocabSize => _tokens.Length;                          // control tokens have a row in the model's table too
    public SpecialTokens SpecialTokens { get; }
    public ReadOnlySpan<byte> GetBytes(int id) => _tokens[id];

    // 3.3 makes its table of ranks anew for each word: clear, and quick enough for a prompt
    public int[] Encode(string text) =>
        Gpt2.Words(text).SelectMany(word => EncodeWord(Encoding.UTF8.GetBytes(word), _merges)).ToArray();

    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>();
        foreach (int id in ids) bytes.AddRange(_tokens[id]);
        return Encoding.UTF8.GetString(bytes.ToArray());             // once, so that no character is cut in half
    }
}

MyTokenizer MakeMine(byte[][] tokens, BpeMerge[] merges, SpecialTokens special) => new(tokens, merges, special);

Check.Run("3.4", MakeMine)
#endregion

#region 3.5
string[] BestCut(string text, Dictionary<string, double> logProbability)
{
    double[] best = new double[text.Length + 1];                     // [n + 1] the best sum for text[..end]
    int[] from = new int[text.Length + 1];                           // [n + 1] where its last piece begins
    for (int end = 1; end <= text.Length; end++)
    {
        best[end] = double.NegativeInfinity;
        for (int start = 0; start < end; start++)
            if (logProbability.TryGetValue(text[start..end], out double score) && best[start] + score > best[end])
                (best[end], from[end]) = (best[start] + score, start);
    }

    var pieces = new List<string>();
    for (int end = text.Length; end > 0; end = from[end]) pieces.Add(text[from[end]..end]);
    pieces.Reverse();
    return pieces.ToArray();
}

Check.Run("3.5", BestCut)
#endregion

#region 3.6
string[] CutWord(string word, string[] vocabulary)
{
    HashSet<string> known = vocabulary.ToHashSet();
    var pieces = new List<string>();
    for (int start = 0, end; start < word.Length; start = end)
    {
        string mark = start == 0 ? "" : "##";
        for (end = word.Length; end > start && !known.Contains(mark + word[start..end]); end--) { }
        if (end == start) return new[] { "[UNK]" };                  // stuck: the whole word is unknown
        pieces.Add(mark + word[start..end]);
    }
    return pieces.ToArray();
}

Check.Run("3.6", CutWord)
#endregion
