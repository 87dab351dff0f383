using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// The gradients of <see cref="AttentionForward"/> for one sequence and one key/value head. With P the weights and
/// <c>δ[t] = Σ_d outputGrad · output</c>: <c>vGrad = Pᵀ · outputGrad</c>, <c>dS = P ∘ (outputGrad · vᵀ - δ) · scale</c>,
/// <c>qGrad = dS · k</c>, <c>kGrad = dSᵀ · q</c> (Dao et al. 2022, appendix B.2). The query heads of the group add up in ascending order.
/// </summary>
internal readonly unsafe ref struct AttentionBackward
{
    private readonly AttentionSizes _sizes;
    private readonly int _group;
    private readonly float* _keysTransposed, _valuesTransposed; // [D, S]
    private readonly float* _keys, _keyGrads, _valueGrads;      // [S, D]
    private readonly float* _weights, _scoreGrads;              // [T, S]
    private readonly float* _queries, _outputGrads;             // [T, D]
    private readonly float* _queryGrads;                        // [8, D]

    // The pieces are cut from scratch in order; their sum is BackwardScratch.
    private AttentionBackward(AttentionSizes sizes, int group, float* scratch)
    {
        int width = sizes.PaddedHead, keys = sizes.PaddedKeys;
        _sizes = sizes;
        _group = group;
        _keysTransposed = AttentionPacking.Align(scratch);
        _valuesTransposed = _keysTransposed + sizes.HeadSize * keys;
        _keys = _valuesTransposed + sizes.HeadSize * keys;
        _keyGrads = _keys + keys * width;
        _valueGrads = _keyGrads + keys * width;
        _weights = _valueGrads + keys * width;
        _scoreGrads = _weights + sizes.PaddedQueries * keys;
        _queries = _scoreGrads + sizes.PaddedQueries * keys;
        _outputGrads = _queries + sizes.PaddedQueries * width;
        _queryGrads = _outputGrads + sizes.PaddedQueries * width;
    }

    private int QueryStride => _sizes.HeadCount * _sizes.HeadSize;

    private int KeyStride => _sizes.KvHeadCount * _sizes.HeadSize;

    /// <summary>Computes the gradients of the group's heads; each is overwritten, or added to where <paramref name="accumulate"/> says so.</summary>
    /// <param name="sizes">T, S, H, K, D.</param>
    /// <param name="group">The key/value head.</param>
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
    public static void Run(AttentionSizes sizes, int group, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        ReadOnlySpan<float> output, ReadOnlySpan<float> rowStats, ReadOnlySpan<float> outputGrad,
        Span<float> qGrad, Span<float> kGrad, Span<float> vGrad, (bool Q, bool K, bool V) accumulate, Span<float> scratch)
    {
        Debug.Assert(scratch.Length >= sizes.BackwardScratch);
        fixed (float* start = scratch)
        {
            AttentionBackward work = new(sizes, group, start);
            work.PackKeys(k, v);
            for (int head = group * sizes.GroupSize; head < (group + 1) * sizes.GroupSize; head++)
            {
                work.PackQueries(head, q, outputGrad);
                for (int t = 0; t < sizes.QueryCount; t += AttentionTiles.Rows) work.QueryTile(head, t, output, rowStats, qGrad, accumulate.Q);
                work.AddToKeys();
            }
            work.UnpackKeys(kGrad, vGrad, accumulate.K, accumulate.V);
        }
    }

    private void PackKeys(ReadOnlySpan<float> k, ReadOnlySpan<float> v)
    {
        int depth = _sizes.HeadSize, count = _sizes.KeyCount;
        ReadOnlySpan<float> headKeys = k[(_group * depth)..], headValues = v[(_group * depth)..];
        AttentionPacking.PackTransposed(headKeys, KeyStride, count, depth, _keysTransposed, _sizes.PaddedKeys);
        AttentionPacking.PackTransposed(headValues, KeyStride, count, depth, _valuesTransposed, _sizes.PaddedKeys);
        AttentionPacking.Pack(headKeys, KeyStride, count, count, depth, _keys, _sizes.PaddedHead);
        new Span<float>(_keyGrads, 2 * _sizes.PaddedKeys * _sizes.PaddedHead).Clear(); // the value gradients follow
    }

    private void PackQueries(int head, ReadOnlySpan<float> q, ReadOnlySpan<float> outputGrad)
    {
        int depth = _sizes.HeadSize, first = head * depth, count = _sizes.QueryCount, padded = _sizes.PaddedQueries;
        AttentionPacking.Pack(q[first..], QueryStride, count, padded, depth, _queries, _sizes.PaddedHead);
        AttentionPacking.Pack(outputGrad[first..], QueryStride, count, padded, depth, _outputGrads, _sizes.PaddedHead);
    }

    // P and dS of eight queries, and their qGrad.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void QueryTile(int head, int t, ReadOnlySpan<float> output, ReadOnlySpan<float> rowStats, Span<float> qGrad, bool accumulate)
    {
        int depth = _sizes.HeadSize, width = _sizes.PaddedHead, keys = _sizes.PaddedKeys, place = t * QueryStride + head * depth;
        int rows = Math.Min(AttentionTiles.Rows, _sizes.QueryCount - t), limit = _sizes.Limit(t + rows - 1);
        float* weights = _weights + t * keys, scoreGrads = _scoreGrads + t * keys;
        ReadOnlySpan<float> stats = rowStats.Slice(2 * (head * _sizes.QueryCount + t), 2 * rows); // [rows, 2]
        AttentionTiles.Scores(_queries + t * width, width, depth, _keysTransposed, keys, limit, weights);
        AttentionTiles.Scores(_outputGrads + t * width, width, depth, _valuesTransposed, keys, limit, scoreGrads);
        Span<float> deltas = stackalloc float[AttentionTiles.Rows]; // δ, one chain a row; the rows side by side hide the latency
        deltas.Clear();
        for (int d = 0; d < depth; d++)
        for (int r = 0; r < rows; r++)
            deltas[r] = MathF.FusedMultiplyAdd(_outputGrads[(t + r) * width + d], output[place + r * QueryStride + d], deltas[r]);
        for (int r = 0; r < rows; r++)
        {
            float* weightRow = weights + r * keys, gradRow = scoreGrads + r * keys;
            AttentionRows.Backward(weightRow, gradRow, _sizes.Limit(t + r), limit, _sizes.Scale, stats[2 * r], stats[2 * r + 1], deltas[r]);
        }
        AttentionTiles.Combine(scoreGrads, keys, limit, _keys, width, _queryGrads);
        for (int r = 0; r < rows; r++) AttentionPacking.Unpack(_queryGrads + r * width, qGrad.Slice(place + r * QueryStride, depth), accumulate);
    }

    private void AddToKeys()
    {
        int width = _sizes.PaddedHead, keys = _sizes.PaddedKeys;
        for (int s = 0; s < _sizes.KeyCount; s += AttentionTiles.Rows)
        {
            int first = _sizes.FirstQuery(s);
            AttentionTiles.CombineTransposed(_weights + s, keys, first, _sizes.QueryCount, _outputGrads, width, _valueGrads + s * width);
            AttentionTiles.CombineTransposed(_scoreGrads + s, keys, first, _sizes.QueryCount, _queries, width, _keyGrads + s * width);
        }
    }

    private void UnpackKeys(Span<float> kGrad, Span<float> vGrad, bool accumulateKeys, bool accumulateValues)
    {
        int depth = _sizes.HeadSize, width = _sizes.PaddedHead;
        for (int s = 0; s < _sizes.KeyCount; s++)
        {
            int place = s * KeyStride + _group * depth;
            AttentionPacking.Unpack(_keyGrads + s * width, kGrad.Slice(place, depth), accumulateKeys);
            AttentionPacking.Unpack(_valueGrads + s * width, vGrad.Slice(place, depth), accumulateValues);
        }
    }
}
