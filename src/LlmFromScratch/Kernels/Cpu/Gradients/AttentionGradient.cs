using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// Grouped-query attention of one sequence and one key/value head, forward and backward (Vaswani et al. 2017, eq. 1; Ainslie et al. 2023).
/// The weights are not kept between the passes: the backward pass computes them again from the saved maximum and sum of each row, bit for bit
/// the same (Dao et al. 2022). Rows of queries, keys and values stand as the linear layers wrote them: [T, H·D] and [S, K·D].
/// </summary>
internal static unsafe class AttentionGradient
{
    /// <summary><c>output[t, h] = Σ_s softmax_s(scale · q[t, h] · k[s, g]) · v[s, g]</c> for the query heads h of group g.</summary>
    /// <param name="sizes">T, S, H, K, D.</param>
    /// <param name="group">g, the key/value head.</param>
    /// <param name="q">[T, H·D].</param>
    /// <param name="k">[S, K·D].</param>
    /// <param name="v">[S, K·D].</param>
    /// <param name="output">[T, H·D]; only the group's heads are written.</param>
    /// <param name="rowStats">[H, T, 2]: the largest scaled score of each row and one over its sum, for the backward pass.</param>
    /// <param name="scratch">At least <see cref="AttentionSizes.ForwardScratch"/>.</param>
    public static void Forward(AttentionSizes sizes, int group, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> rowStats, Span<float> scratch)
    {
        Debug.Assert(scratch.Length >= sizes.ForwardScratch);
        int depth = sizes.HeadSize, width = sizes.PaddedHead, keys = sizes.PaddedKeys;
        int queryStride = sizes.HeadCount * depth, keyStride = sizes.KvHeadCount * depth;
        fixed (float* start = scratch) // the pieces below are cut from scratch in order; their sum is ForwardScratch
        {
            float* keysTransposed = Align(start);               // [D, S]
            float* values = keysTransposed + depth * keys;      // [S, D]
            float* weights = values + keys * width;             // [8, S]
            float* queries = weights + AttentionTiles.Rows * keys; // [8, D]
            float* result = queries + AttentionTiles.Rows * width; // [8, D]
            PackTransposed(k, keyStride, group * depth, sizes.KeyCount, depth, keysTransposed, keys);
            Pack(v, keyStride, group * depth, sizes.KeyCount, sizes.KeyCount, depth, values, width);
            for (int head = group * sizes.GroupSize; head < (group + 1) * sizes.GroupSize; head++)
            for (int t = 0; t < sizes.QueryCount; t += AttentionTiles.Rows)
            {
                int rows = Math.Min(AttentionTiles.Rows, sizes.QueryCount - t), limit = sizes.Limit(t + rows - 1);
                Pack(q[(t * queryStride)..], queryStride, head * depth, rows, AttentionTiles.Rows, depth, queries, width);
                AttentionTiles.Scores(queries, width, depth, keysTransposed, keys, limit, weights);
                for (int r = 0; r < rows; r++)
                {
                    Span<float> stats = rowStats.Slice(2 * (head * sizes.QueryCount + t + r), 2);
                    stats[0] = ScaledMax(weights + r * keys, sizes.Limit(t + r), limit, sizes.Scale);
                    stats[1] = 1 / ExpSum(weights + r * keys, limit, stats[0]);
                    Normalise(weights + r * keys, limit, stats[1]);
                }
                AttentionTiles.Combine(weights, keys, limit, values, width, result);
                for (int r = 0; r < rows; r++)
                    new ReadOnlySpan<float>(result + r * width, depth).CopyTo(output.Slice((t + r) * queryStride + head * depth, depth));
            }
        }
    }

    /// <summary>
    /// With P the weights and δ[t] = Σ_d outputGrad · output: <c>vGrad = Pᵀ · outputGrad</c>, <c>dS = P ∘ (outputGrad · vᵀ - δ) · scale</c>,
    /// <c>qGrad = dS · k</c>, <c>kGrad = dSᵀ · q</c>. The gradients are overwritten, or added to where <paramref name="accumulate"/> says so.
    /// </summary>
    /// <param name="sizes">T, S, H, K, D.</param>
    /// <param name="group">g, the key/value head.</param>
    /// <param name="q">[T, H·D].</param>
    /// <param name="k">[S, K·D].</param>
    /// <param name="v">[S, K·D].</param>
    /// <param name="output">[T, H·D] of the forward pass.</param>
    /// <param name="rowStats">[H, T, 2] of the forward pass.</param>
    /// <param name="outputGrad">[T, H·D].</param>
    /// <param name="qGrad">[T, H·D].</param>
    /// <param name="kGrad">[S, K·D].</param>
    /// <param name="vGrad">[S, K·D].</param>
    /// <param name="accumulate">For q, k and v.</param>
    /// <param name="scratch">At least <see cref="AttentionSizes.BackwardScratch"/>.</param>
    public static void Backward(AttentionSizes sizes, int group, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        ReadOnlySpan<float> output, ReadOnlySpan<float> rowStats, ReadOnlySpan<float> outputGrad,
        Span<float> qGrad, Span<float> kGrad, Span<float> vGrad, (bool Q, bool K, bool V) accumulate, Span<float> scratch)
    {
        Debug.Assert(scratch.Length >= sizes.BackwardScratch);
        int depth = sizes.HeadSize, width = sizes.PaddedHead, keys = sizes.PaddedKeys, queryCount = sizes.QueryCount;
        int queryStride = sizes.HeadCount * depth, keyStride = sizes.KvHeadCount * depth;
        fixed (float* start = scratch) // the pieces below are cut from scratch in order; their sum is BackwardScratch
        {
            float* keysTransposed = Align(start);                          // [D, S]
            float* valuesTransposed = keysTransposed + depth * keys;       // [D, S]
            float* keyRows = valuesTransposed + depth * keys;              // [S, D]
            float* keyGrads = keyRows + keys * width;                      // [S, D]
            float* valueGrads = keyGrads + keys * width;                   // [S, D]
            float* weights = valueGrads + keys * width;                    // [T, S]
            float* scoreGrads = weights + sizes.PaddedQueries * keys;      // [T, S]
            float* queries = scoreGrads + sizes.PaddedQueries * keys;      // [T, D]
            float* outputGrads = queries + sizes.PaddedQueries * width;    // [T, D]
            float* queryGrads = outputGrads + sizes.PaddedQueries * width; // [8, D]
            PackTransposed(k, keyStride, group * depth, sizes.KeyCount, depth, keysTransposed, keys);
            PackTransposed(v, keyStride, group * depth, sizes.KeyCount, depth, valuesTransposed, keys);
            Pack(k, keyStride, group * depth, sizes.KeyCount, sizes.KeyCount, depth, keyRows, width);
            new Span<float>(keyGrads, 2 * keys * width).Clear();
            for (int head = group * sizes.GroupSize; head < (group + 1) * sizes.GroupSize; head++)
            {
                Pack(q, queryStride, head * depth, queryCount, sizes.PaddedQueries, depth, queries, width);
                Pack(outputGrad, queryStride, head * depth, queryCount, sizes.PaddedQueries, depth, outputGrads, width);
                for (int t = 0; t < queryCount; t += AttentionTiles.Rows)
                {
                    int rows = Math.Min(AttentionTiles.Rows, queryCount - t), limit = sizes.Limit(t + rows - 1);
                    float* weightRows = weights + t * keys, gradRows = scoreGrads + t * keys;
                    AttentionTiles.Scores(queries + t * width, width, depth, keysTransposed, keys, limit, weightRows);
                    AttentionTiles.Scores(outputGrads + t * width, width, depth, valuesTransposed, keys, limit, gradRows);
                    for (int r = 0; r < rows; r++)
                    {
                        int place = (t + r) * queryStride + head * depth;
                        float delta = Dot(outputGrad.Slice(place, depth), output.Slice(place, depth));
                        ReadOnlySpan<float> stats = rowStats.Slice(2 * (head * queryCount + t + r), 2);
                        SoftmaxBackward(weightRows + r * keys, gradRows + r * keys, sizes.Limit(t + r), limit, sizes.Scale, stats[0], stats[1], delta);
                    }
                    AttentionTiles.Combine(gradRows, keys, limit, keyRows, width, queryGrads);
                    for (int r = 0; r < rows; r++)
                        Unpack(queryGrads + r * width, qGrad.Slice((t + r) * queryStride + head * depth, depth), accumulate.Q);
                }
                for (int s = 0; s < sizes.KeyCount; s += AttentionTiles.Rows)
                {
                    int first = sizes.FirstQuery(s);
                    AttentionTiles.CombineTransposed(weights + s, keys, first, queryCount, outputGrads, width, valueGrads + s * width);
                    AttentionTiles.CombineTransposed(scoreGrads + s, keys, first, queryCount, queries, width, keyGrads + s * width);
                }
            }
            for (int s = 0; s < sizes.KeyCount; s++)
            {
                Unpack(keyGrads + s * width, kGrad.Slice(s * keyStride + group * depth, depth), accumulate.K);
                Unpack(valueGrads + s * width, vGrad.Slice(s * keyStride + group * depth, depth), accumulate.V);
            }
        }
    }

    // Scales the row in place, hides columns from visible to the end of the tile (-∞, so their weight is 0), and finds the maximum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float ScaledMax(float* row, int visible, int limit, float scale)
    {
        Vector512<float> max = Vector512.Create(float.NegativeInfinity);
        int end = (limit + SixteenLanes.Count - 1) / SixteenLanes.Count * SixteenLanes.Count;
        for (int s = visible; s < end; s++) row[s] = float.NegativeInfinity;
        for (int s = 0; s < end; s += SixteenLanes.Count)
        {
            Vector512<float> scaled = Vector512.Load(row + s) * scale; // scale is above 0: -∞ stays -∞
            scaled.Store(row + s);
            max = Vector512.Max(max, scaled);
        }
        Vector256<float> eight = Vector256.Max(max.GetLower(), max.GetUpper());
        Vector128<float> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float ExpSum(float* row, int limit, float max)
    {
        Vector512<float> maxima = Vector512.Create(max), sums = default;
        for (int s = 0; s < limit; s += SixteenLanes.Count)
        {
            Vector512<float> power = SixteenLanes.Exp(Vector512.Load(row + s) - maxima);
            power.Store(row + s);
            sums += power;
        }
        return SixteenLanes.Sum(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalise(float* row, int limit, float inverseSum)
    {
        for (int s = 0; s < limit; s += SixteenLanes.Count) (Vector512.Load(row + s) * inverseSum).Store(row + s);
    }

    // scores become weights again, weightGrads become score gradients; columns from visible on become 0 in both.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxBackward(float* scores, float* weightGrads, int visible, int limit, float scale, float max, float inverseSum, float delta)
    {
        Vector512<float> maxima = Vector512.Create(max), deltas = Vector512.Create(delta);
        int end = (limit + SixteenLanes.Count - 1) / SixteenLanes.Count * SixteenLanes.Count;
        for (int s = visible; s < end; s++) scores[s] = float.NegativeInfinity;
        for (int s = 0; s < end; s += SixteenLanes.Count)
        {
            Vector512<float> weight = SixteenLanes.Exp(Vector512.Load(scores + s) * scale - maxima) * inverseSum;
            weight.Store(scores + s);
            (weight * (Vector512.Load(weightGrads + s) - deltas) * scale).Store(weightGrads + s);
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++) sum = MathF.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    // [count, D] with a stride -> [paddedCount, width], zeros after the rows and beside them.
    private static void Pack(ReadOnlySpan<float> source, int stride, int offset, int count, int paddedCount, int depth, float* tile, int width)
    {
        if (paddedCount > count || width > depth) new Span<float>(tile, paddedCount * width).Clear();
        for (int row = 0; row < count; row++) source.Slice(row * stride + offset, depth).CopyTo(new Span<float>(tile + row * width, depth));
    }

    // [count, D] with a stride -> [D, stride of the tile], zeros after the columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed(ReadOnlySpan<float> source, int stride, int offset, int count, int depth, float* tile, int tileStride)
    {
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> values = source.Slice(row * stride + offset, depth);
            for (int d = 0; d < values.Length; d++) tile[d * tileStride + row] = values[d];
        }
        for (int d = 0; d < depth; d++) new Span<float>(tile + d * tileStride + count, tileStride - count).Clear();
    }

    private static void Unpack(float* tile, Span<float> target, bool accumulate)
    {
        for (int d = 0; d < target.Length; d++) target[d] = accumulate ? target[d] + tile[d] : tile[d];
    }

    // Vectors of 64 bytes that start on a 64-byte line are read in one access; the 16 spare floats of the scratch pay for it.
    private static float* Align(float* start) => (float*)(((nuint)start + 63) & ~(nuint)63);
}
