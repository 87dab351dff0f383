namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>The sizes of one training attention: T queries that are the last of S positions, H heads in K groups, D values a head.</summary>
internal readonly record struct AttentionSizes(int QueryCount, int KeyCount, int HeadCount, int KvHeadCount, int HeadSize, float Scale, bool Causal)
{
    /// <summary>H / K: the query heads that share one key/value head.</summary>
    public int GroupSize => HeadCount / KvHeadCount;

    /// <summary>T rounded up to the rows of a tile.</summary>
    public int PaddedQueries => (QueryCount + AttentionTiles.Rows - 1) / AttentionTiles.Rows * AttentionTiles.Rows;

    /// <summary>S rounded up to whole vectors.</summary>
    public int PaddedKeys => (KeyCount + SixteenLanes.Count - 1) / SixteenLanes.Count * SixteenLanes.Count;

    /// <summary>D rounded up to whole vectors.</summary>
    public int PaddedHead => (HeadSize + SixteenLanes.Count - 1) / SixteenLanes.Count * SixteenLanes.Count;

    /// <summary>How many keys query t sees: all, or those up to its own position.</summary>
    public int Limit(int t) => Causal ? Math.Min(KeyCount, KeyCount - QueryCount + t + 1) : KeyCount;

    /// <summary>The first query that sees key s.</summary>
    public int FirstQuery(int s) => Causal ? Math.Max(0, s - (KeyCount - QueryCount)) : 0;

    /// <summary>
    /// Floats of working memory for the forward pass of one key/value head: the keys transposed, the values, and 8 rows of queries, weights, output.
    /// </summary>
    public int ForwardScratch => (HeadSize + AttentionTiles.Rows) * PaddedKeys + PaddedKeys * PaddedHead
        + 2 * AttentionTiles.Rows * PaddedHead + SixteenLanes.Count;

    /// <summary>
    /// Floats of working memory for the backward pass: also two [T, S] tiles, the queries and output gradients of a head, and three gradients.
    /// </summary>
    public int BackwardScratch => 2 * HeadSize * PaddedKeys + 3 * PaddedKeys * PaddedHead
        + 2 * PaddedQueries * PaddedKeys + 2 * PaddedQueries * PaddedHead + AttentionTiles.Rows * PaddedHead + SixteenLanes.Count;
}
