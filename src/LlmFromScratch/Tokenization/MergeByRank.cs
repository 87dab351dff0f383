namespace LlmFromScratch.Tokenization;

/// <summary>Two neighbours merge when a merge names their ids; the one learned first goes first.</summary>
internal readonly struct MergeByRank(Dictionary<ulong, (int Rank, int Id)> ranks) : IMergeRule
{
    /// <summary>The pairs of a list of merges, left id above right id; a pair named twice keeps its first rank.</summary>
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

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
