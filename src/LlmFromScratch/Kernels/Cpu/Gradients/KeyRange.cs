namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>The keys [First, End) that one query sees. Causal order, sliding windows, packed documents and padding are all ranges.</summary>
internal readonly record struct KeyRange(int First, int End)
{
    /// <summary>The smallest range that holds those of some neighbouring queries, its start moved down to a whole vector.</summary>
    public static KeyRange Around(ReadOnlySpan<KeyRange> ranges)
    {
        (int first, int end) = ranges[0];
        foreach (KeyRange range in ranges) (first, end) = (Math.Min(first, range.First), Math.Max(end, range.End));
        return new KeyRange(first / SixteenLanes.Count * SixteenLanes.Count, end);
    }
}
