using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// The gradients of <see cref="AttentionForward"/> for one sequence and one key/value head. With P the weights and
/// <c>δ[t] = Σ_d outputGrad · output</c>: <c>vGrad = Pᵀ · outputGrad</c>, <c>dS = P ∘ (outputGrad · vᵀ - δ) · scale</c>,
/// <c>qGrad = dS · k</c>, <c>kGrad = dSᵀ · q</c> (Dao et al. 2022, appendix B.2). Queries come in blocks of 64, so that P and dS never stand in memory as a
/// whole. The query heads of the group add up in ascending order, and so do the queries of a head.
/// </summary>
internal readonly unsafe ref struct AttentionBackward
{
    private readonly AttentionSizes _sizes;
    private readonly int _group;
    private readonly ReadOnlySpan<KeyRange> _visible;           // [T]
    private readonly float* _keysTransposed, _valuesTransposed; // [D, S]
    private readonly float* _keys, _keyGrads, _valueGrads;      // [S, D]
    private readonly float* _weights, _scoreGrads;              // [64, S]
    private readonly float* _queries, _outputGrads;             // [64, D]
    private readonly float* _queryGrads;                        // [8, D]
    private readonly float* _biases, _biasGrads;                // [R], or null

    // The pieces are cut from scratch in order; their sum is BackwardScratch.
    private AttentionBackward(in AttentionSizes sizes, int group, ReadOnlySpan<KeyRange> visible, bool biased, float* scratch)
    {
        int width = sizes.PaddedHead, keys = sizes.PaddedKeys;
        _sizes = sizes;
        _group = group;
        _visible = visible;
        _keysTransposed = AttentionPacking.Align(scratch);
        _valuesTransposed = _keysTransposed + sizes.HeadSize * keys;
        _keys = _valuesTransposed + sizes.HeadSize * keys;
        _keyGrads = _keys + keys * width;
        _valueGrads = _keyGrads + keys * width;
        _weights = _valueGrads + keys * width;
        _scoreGrads = _weights + AttentionSizes.BlockRows * keys;
        _queries = _scoreGrads + AttentionSizes.BlockRows * keys;
        _outputGrads = _queries + AttentionSizes.BlockRows * width;
        _queryGrads = _outputGrads + AttentionSizes.BlockRows * width;
        if (!biased) return;
        _biases = _queryGrads + AttentionTiles.Rows * width;
        _biasGrads = _biases + sizes.PaddedBias;
    }

    private int QueryStride => _sizes.HeadCount * _sizes.HeadSize;

    private int KeyStride => _sizes.KvHeadCount * _sizes.HeadSize;

    /// <summary>Computes the gradients of the group's heads; each is overwritten, or added to where <paramref name="accumulate"/> says so.</summary>
    /// <param name="sizes">T, S, H, K, D, scale, cap.</param>
    /// <param name="group">The key/value head.</param>
    /// <param name="q">[T, H·D].</param>
    /// <param name="k">[S, K·D].</param>
    /// <param name="v">[S, K·D].</param>
    /// <param name="bias">[H, R], or empty.</param>
    /// <param name="visible">[T] as in the forward pass.</param>
    /// <param name="output">[T, H·D] of the forward pass.</param>
    /// <param name="rowStats">[H, T, 2] of the forward pass.</param>
    /// <param name="outputGrad">[T, H·D].</param>
    /// <param name="qGrad">[T, H·D].</param>
    /// <param name="kGrad">[S, K·D].</param>
    /// <param name="vGrad">[S, K·D].</param>
    /// <param name="biasGrad">[H, R], overwritten in the group's heads; empty where there are no biases.</param>
    /// <param name="accumulate">For q, k and v.</param>
    /// <param name="scratch">At least <see cref="AttentionSizes.BackwardScratch"/>.</param>
    public static void Run(in AttentionSizes sizes, int group, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> bias,
        ReadOnlySpan<KeyRange> visible, ReadOnlySpan<float> output, ReadOnlySpan<float> rowStats, ReadOnlySpan<float> outputGrad,
        Span<float> qGrad, Span<float> kGrad, Span<float> vGrad, Span<float> biasGrad, (bool Q, bool K, bool V) accumulate, Span<float> scratch)
    {
        Debug.Assert(scratch.Length >= sizes.BackwardScratch);
        fixed (float* start = scratch)
        {
            AttentionBackward work = new(sizes, group, visible, !bias.IsEmpty, start);
            work.PackKeys(k, v);
            for (int head = group * sizes.GroupSize; head < (group + 1) * sizes.GroupSize; head++)
            {
                if (!bias.IsEmpty) work.PackBias(bias, head);
                for (int block = 0; block < sizes.QueryCount; block += AttentionSizes.BlockRows)
                {
                    int end = Math.Min(sizes.QueryCount, block + AttentionSizes.BlockRows);
                    work.PackQueries(head, block, end, q, outputGrad);
                    for (int t = block; t < end; t += AttentionTiles.Rows) work.QueryTile(head, block, t, output, rowStats, qGrad, accumulate.Q);
                    work.AddToKeys(block, end);
                }
                if (!bias.IsEmpty) new ReadOnlySpan<float>(work._biasGrads, sizes.BiasCount).CopyTo(biasGrad[(head * sizes.BiasCount)..]);
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

    private void PackBias(ReadOnlySpan<float> bias, int head)
    {
        AttentionPacking.PackBias(bias, head, _sizes, _biases);
        new Span<float>(_biasGrads, _sizes.PaddedBias).Clear();
    }

    private void PackQueries(int head, int first, int end, ReadOnlySpan<float> q, ReadOnlySpan<float> outputGrad)
    {
        int depth = _sizes.HeadSize, place = first * QueryStride + head * depth;
        AttentionPacking.Pack(q[place..], QueryStride, end - first, AttentionSizes.BlockRows, depth, _queries, _sizes.PaddedHead);
        AttentionPacking.Pack(outputGrad[place..], QueryStride, end - first, AttentionSizes.BlockRows, depth, _outputGrads, _sizes.PaddedHead);
    }

    // P and dS of eight queries, and their qGrad.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void QueryTile(int head, int block, int t, ReadOnlySpan<float> output, ReadOnlySpan<float> rowStats, Span<float> qGrad, bool accumulate)
    {
        int depth = _sizes.HeadSize, width = _sizes.PaddedHead, keys = _sizes.PaddedKeys, place = t * QueryStride + head * depth;
        int rows = Math.Min(AttentionTiles.Rows, _sizes.QueryCount - t);
        KeyRange tile = KeyRange.Around(_visible.Slice(t, rows));
        float* weights = _weights + (t - block) * keys, scoreGrads = _scoreGrads + (t - block) * keys, outputGrads = _outputGrads + (t - block) * width;
        ReadOnlySpan<float> stats = rowStats.Slice(2 * (head * _sizes.QueryCount + t), 2 * rows); // [rows, 2]
        AttentionTiles.Scores(_queries + (t - block) * width, width, depth, _keysTransposed, keys, tile, weights);
        AttentionTiles.Scores(outputGrads, width, depth, _valuesTransposed, keys, tile, scoreGrads);
        Span<float> deltas = stackalloc float[AttentionTiles.Rows]; // δ, one chain a row; the rows side by side hide the latency
        deltas.Clear();
        for (int d = 0; d < depth; d++)
        for (int r = 0; r < rows; r++)
            deltas[r] = MathF.FusedMultiplyAdd(outputGrads[r * width + d], output[place + r * QueryStride + d], deltas[r]);
        for (int r = 0; r < rows; r++)
        {
            int shift = _sizes.QueryCount - 1 - (t + r); // the bias of key 0
            AttentionRows.Backward(weights + r * keys, scoreGrads + r * keys, _biases == null ? null : _biases + shift,
                _biasGrads == null ? null : _biasGrads + shift, _visible[t + r], tile, _sizes, stats[2 * r], stats[2 * r + 1], deltas[r]);
        }
        AttentionTiles.Combine(scoreGrads, keys, tile, _keys, width, _queryGrads);
        for (int r = 0; r < rows; r++) AttentionPacking.Unpack(_queryGrads + r * width, qGrad.Slice(place + r * QueryStride, depth), accumulate);
    }

    // Adds a block's queries to the gradients of eight keys at a time; neighbouring query tiles that hold these keys go in one product.
    private void AddToKeys(int block, int end)
    {
        int count = (end - block + AttentionTiles.Rows - 1) / AttentionTiles.Rows;
        Span<KeyRange> tiles = stackalloc KeyRange[count];
        for (int i = 0; i < count; i++)
        {
            int first = block + i * AttentionTiles.Rows;
            tiles[i] = KeyRange.Around(_visible[first..Math.Min(end, first + AttentionTiles.Rows)]);
        }
        KeyRange all = KeyRange.Around(tiles);
        int width = _sizes.PaddedHead, keys = _sizes.PaddedKeys;
        for (int s = all.First; s < all.End; s += AttentionTiles.Rows)
        for (int i = 0; i < count; i++)
        {
            if (s < tiles[i].First || s >= tiles[i].End) continue;
            int first = i * AttentionTiles.Rows;
            while (i + 1 < count && s >= tiles[i + 1].First && s < tiles[i + 1].End) i++;
            int last = Math.Min(end - block, (i + 1) * AttentionTiles.Rows);
            AttentionTiles.CombineTransposed(_weights + s, keys, first, last, _outputGrads, width, _valueGrads + s * width);
            AttentionTiles.CombineTransposed(_scoreGrads + s, keys, first, last, _queries, width, _keyGrads + s * width);
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
