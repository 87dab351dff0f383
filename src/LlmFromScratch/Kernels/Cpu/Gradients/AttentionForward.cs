using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// Grouped-query attention of one sequence and one key/value head (Vaswani et al. 2017, eq. 1; Ainslie et al. 2023), eight queries at a time.
/// The weights are not kept: <see cref="AttentionBackward"/> computes them again from the maximum and the sum of each row, with the same bits
/// (Dao et al. 2022). Rows stand as the linear layers wrote them: queries [T, H·D], keys and values [S, K·D].
/// </summary>
internal static unsafe class AttentionForward
{
    /// <summary>
    /// <c>output[t, h] = Σ_s softmax_s(score[t, h, s]) · v[s, g]</c> over the keys that t sees, for the query heads h of group g; the score is
    /// <c>scale · q[t, h] · k[s, g]</c>, capped where the sizes say so, plus <c>bias[h, s - t + T - 1]</c>.
    /// </summary>
    /// <param name="sizes">T, S, H, K, D, scale, cap.</param>
    /// <param name="group">g, the key/value head.</param>
    /// <param name="q">[T, H·D].</param>
    /// <param name="k">[S, K·D].</param>
    /// <param name="v">[S, K·D].</param>
    /// <param name="bias">[H, R], or empty.</param>
    /// <param name="visible">[T]: the keys that each query sees, none empty.</param>
    /// <param name="output">[T, H·D]; only the group's heads are written.</param>
    /// <param name="rowStats">[H, T, 2]: the largest score of each row and one over its sum, for the backward pass.</param>
    /// <param name="scratch">At least <see cref="AttentionSizes.ForwardScratch"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in AttentionSizes sizes, int group, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> bias,
        ReadOnlySpan<KeyRange> visible, Span<float> output, Span<float> rowStats, Span<float> scratch)
    {
        Debug.Assert(scratch.Length >= sizes.ForwardScratch);
        int depth = sizes.HeadSize, width = sizes.PaddedHead, keys = sizes.PaddedKeys;
        int queryStride = sizes.HeadCount * depth, keyStride = sizes.KvHeadCount * depth;
        fixed (float* start = scratch) // the pieces below are cut from scratch in order; their sum is ForwardScratch
        {
            float* keysTransposed = AttentionPacking.Align(start);  // [D, S]
            float* values = keysTransposed + depth * keys;          // [S, D]
            float* weights = values + keys * width;                 // [8, S]
            float* queries = weights + AttentionTiles.Rows * keys;  // [8, D]
            float* result = queries + AttentionTiles.Rows * width;  // [8, D]
            float* biases = result + AttentionTiles.Rows * width;   // [R]
            AttentionPacking.PackTransposed(k[(group * depth)..], keyStride, sizes.KeyCount, depth, keysTransposed, keys);
            AttentionPacking.Pack(v[(group * depth)..], keyStride, sizes.KeyCount, sizes.KeyCount, depth, values, width);
            for (int head = group * sizes.GroupSize; head < (group + 1) * sizes.GroupSize; head++)
            {
                if (!bias.IsEmpty) AttentionPacking.PackBias(bias, head, sizes, biases);
                for (int t = 0; t < sizes.QueryCount; t += AttentionTiles.Rows)
                {
                    int rows = Math.Min(AttentionTiles.Rows, sizes.QueryCount - t), place = t * queryStride + head * depth;
                    KeyRange tile = KeyRange.Around(visible.Slice(t, rows));
                    AttentionPacking.Pack(q[place..], queryStride, rows, AttentionTiles.Rows, depth, queries, width);
                    AttentionTiles.Scores(queries, width, depth, keysTransposed, keys, tile, weights);
                    Span<float> stats = rowStats.Slice(2 * (head * sizes.QueryCount + t), 2 * rows); // [rows, 2]
                    for (int r = 0; r < rows; r++)
                    {
                        float* rowBias = bias.IsEmpty ? null : biases + (sizes.QueryCount - 1 - (t + r));
                        (stats[2 * r], stats[2 * r + 1]) = AttentionRows.Softmax(weights + r * keys, rowBias, visible[t + r], tile, sizes);
                    }
                    AttentionTiles.Combine(weights, keys, tile, values, width, result);
                    for (int r = 0; r < rows; r++)
                        AttentionPacking.Unpack(result + r * width, output.Slice(place + r * queryStride, depth), accumulate: false);
                }
            }
        }
    }
}
