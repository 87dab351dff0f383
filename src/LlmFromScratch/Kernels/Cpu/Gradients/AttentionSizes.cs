namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// The sizes of one training attention: T queries that are the last of S positions, H heads in K groups, D values a head. Working memory grows with T and S,
/// never with their product.
/// </summary>
internal readonly record struct AttentionSizes(int QueryCount, int KeyCount, int HeadCount, int KvHeadCount, int HeadSize, float Scale, float SoftCap)
{
    /// <summary>Queries whose weights the backward pass holds at a time; a multiple of the rows of a tile.</summary>
    public const int BlockRows = 8 * AttentionTiles.Rows;

    /// <summary>H / K: the query heads that share one key/value head.</summary>
    public int GroupSize => HeadCount / KvHeadCount;

    /// <summary>S rounded up to whole vectors.</summary>
    public int PaddedKeys => (KeyCount + SixteenLanes.Count - 1) / SixteenLanes.Count * SixteenLanes.Count;

    /// <summary>D rounded up to whole vectors.</summary>
    public int PaddedHead => (HeadSize + SixteenLanes.Count - 1) / SixteenLanes.Count * SixteenLanes.Count;

    /// <summary>
    /// R = T + S - 1: the distances that a query and a key can have. Entry <c>s - t + T - 1</c> of a head's biases belongs to query t and key s.
    /// </summary>
    public int BiasCount => QueryCount + KeyCount - 1;

    /// <summary>R with room for reads in whole vectors past the last key.</summary>
    public int PaddedBias => BiasCount + SixteenLanes.Count;

    /// <summary>
    /// Floats of working memory for the forward pass of one key/value head: the keys transposed, the values, 8 rows of queries, weights and output, and a
    /// head's biases.
    /// </summary>
    public int ForwardScratch => (HeadSize + AttentionTiles.Rows) * PaddedKeys + PaddedKeys * PaddedHead
        + 2 * AttentionTiles.Rows * PaddedHead + PaddedBias + SixteenLanes.Count;

    /// <summary>
    /// Floats of working memory for the backward pass: also two tiles of 64 rows by S, the queries and output gradients of these rows, and the gradients of
    /// keys, values and biases.
    /// </summary>
    public int BackwardScratch => 2 * HeadSize * PaddedKeys + 3 * PaddedKeys * PaddedHead
        + 2 * BlockRows * PaddedKeys + (2 * BlockRows + AttentionTiles.Rows) * PaddedHead + 2 * PaddedBias + SixteenLanes.Count;
}
