namespace LlmFromScratch.Tokenization;

/// <summary>Two neighbours merge when a merge names their ids; the one learned first goes first.</summary>
internal readonly struct MergeByRank(Dictionary<ulong, (int Rank, int Id)> ranks) : IMergeRule
{
    /// <summary>The pairs of a list of merges; a pair named twice keeps its first rank.</summary>
    public static Dictionary<ulong, (int Rank, int Id)> Table(ReadOnlySpan<BpeMerge> merges)
    {
        Dictionary<ulong, (int Rank, int Id)> table = new(merges.Length);
        for (int rank = 0; rank < merges.Length; rank++) table.TryAdd(Pair(merges[rank].Left, merges[rank].Right), (rank, merges[rank].Id));
        return table;
    }

    public bool TryMerge(in Symbol left, in Symbol right, out int rank, out int id)
    {
        bool merges = ranks.TryGetValue(Pair(left.Id, right.Id), out (int Rank, int Id) merge);
        (rank, id) = merge;
        return merges;
    }

    // One number for a pair, and another for every other pair, since an odd factor can be undone. The factor (2^64 divided by the golden ratio: Knuth, volume 3,
    // section 6.4) spreads them: .NET's hash of a ulong is its upper half xor its lower one, and left xor right is the same for thousands of pairs.
    private static ulong Pair(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) * 0x9E3779B97F4A7C15;
}
