using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// Attention of one token row and one key/value head a part: all query heads of the group pass each key while it is in L1. Scores of all positions, then
/// softmax, then the mix of values; every sum runs over positions in ascending order and never looks at where pages begin.
/// </summary>
internal readonly unsafe struct AttentionJob(AttentionJob.Memory memory, int heads, int kvHeads, int size, int blockSize, int blocksPerSequence, float scale,
    int scoresPerHead) : ILaneJob
{
    private readonly Memory _at = memory;

    /// <summary>Where things are: query and output [T, H, D], keys and values [N, B, K, D], the batch's rows [T], and scores [workers, H/K, scoresPerHead].</summary>
    public struct Memory
    {
        public float* Query, Keys, Values, Output, Scores;
        public int* Positions, Sequences, BlockTable;
    }

    /// <summary>Scores of one head: the positions, rounded up to whole partial sums.</summary>
    public static int ScoresFor(int positions) => (positions + VectorMath.SumLanes - 1) / VectorMath.SumLanes * VectorMath.SumLanes;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int t = part / kvHeads, g = part % kvHeads, group = heads / kvHeads, seen = _at.Positions[t] + 1; // S: causal
        int* blocks = _at.BlockTable + (long)_at.Sequences[t] * blocksPerSequence;
        float* query = _at.Query + ((long)t * heads + (long)g * group) * size; // [H/K, D]
        float* scores = _at.Scores + (long)worker * group * scoresPerHead; // [H/K, S]
        Score<TLanes>(query, _at.Keys + g * size, blocks, seen, group, scores);
        for (int h = 0; h < group; h++)
        {
            float sum = Softmax<TLanes>(scores + (long)h * scoresPerHead, seen);
            Mix<TLanes>(scores + (long)h * scoresPerHead, sum, _at.Values + g * size, blocks, seen, _at.Output + ((long)t * heads + g * group + h) * size);
        }
    }

    // scores[h, s] = scale · q[h] · k[s]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score<TLanes>(float* query, float* keys, int* blocks, int seen, int group, float* scores) where TLanes : unmanaged, ILanes<TLanes>
    {
        long keyStep = (long)kvHeads * size;
        for (int start = 0; start < seen; start += blockSize, blocks++)
        {
            float* key = keys + *blocks * blockSize * keyStep;
            int end = Math.Min(seen, start + blockSize);
            for (int s = start; s < end; s++, key += keyStep)
            for (int h = 0; h < group; h++) scores[(long)h * scoresPerHead + s] = scale * VectorMath.Dot<TLanes>(query + h * size, key, size);
        }
    }

    // scores -> e^(score - max); returns their sum, in 16 partial sums
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Softmax<TLanes>(float* scores, int seen) where TLanes : unmanaged, ILanes<TLanes>
    {
        int padded = ScoresFor(seen);
        for (int s = seen; s < padded; s++) scores[s] = float.NegativeInfinity; // e^-∞ = 0 adds nothing
        TLanes maxima = TLanes.Load(scores);
        for (int s = TLanes.Count; s < padded; s += TLanes.Count) maxima = TLanes.Max(maxima, TLanes.Load(scores + s));
        float* partial = stackalloc float[VectorMath.SumLanes];
        maxima.Store(partial);
        float max = partial[0];
        for (int lane = 1; lane < TLanes.Count; lane++) max = MathF.Max(max, partial[lane]);
        for (int lane = 0; lane < VectorMath.SumLanes; lane += TLanes.Count)
        {
            TLanes sum = TLanes.Broadcast(0);
            for (int s = lane; s < padded; s += VectorMath.SumLanes)
            {
                TLanes weight = VectorMath.Exp(TLanes.Load(scores + s) - TLanes.Broadcast(max)); // minus the max: exp cannot overflow
                weight.Store(scores + s);
                sum += weight;
            }
            sum.Store(partial + lane);
        }
        return VectorMath.SumOfLanes(partial);
    }

    // output[i] = Σ_s weights[s] · v[s, i] / sum, one chain over s for each i: four registers at a time, then one, then single values
    private void Mix<TLanes>(float* weights, float sum, float* values, int* blocks, int seen, float* output) where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        for (; i <= size - 4 * TLanes.Count; i += 4 * TLanes.Count) MixFour<TLanes>(weights, sum, values + i, blocks, seen, output + i);
        for (; i <= size - TLanes.Count; i += TLanes.Count) MixOne<TLanes>(weights, sum, values + i, blocks, seen, output + i);
        for (; i < size; i++) MixOne<Lanes1>(weights, sum, values + i, blocks, seen, output + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MixFour<TLanes>(float* weights, float sum, float* values, int* blocks, int seen, float* output) where TLanes : unmanaged, ILanes<TLanes>
    {
        long valueStep = (long)kvHeads * size;
        TLanes sum0 = TLanes.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (int start = 0; start < seen; start += blockSize, blocks++)
        {
            float* value = values + *blocks * blockSize * valueStep;
            int end = Math.Min(seen, start + blockSize);
            for (int s = start; s < end; s++, value += valueStep)
            {
                TLanes weight = TLanes.Broadcast(weights[s]);
                sum0 = TLanes.MultiplyAdd(weight, TLanes.Load(value), sum0);
                sum1 = TLanes.MultiplyAdd(weight, TLanes.Load(value + TLanes.Count), sum1);
                sum2 = TLanes.MultiplyAdd(weight, TLanes.Load(value + 2 * TLanes.Count), sum2);
                sum3 = TLanes.MultiplyAdd(weight, TLanes.Load(value + 3 * TLanes.Count), sum3);
            }
        }
        TLanes total = TLanes.Broadcast(sum);
        (sum0 / total).Store(output);
        (sum1 / total).Store(output + TLanes.Count);
        (sum2 / total).Store(output + 2 * TLanes.Count);
        (sum3 / total).Store(output + 3 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MixOne<TLanes>(float* weights, float sum, float* values, int* blocks, int seen, float* output) where TLanes : unmanaged, ILanes<TLanes>
    {
        long valueStep = (long)kvHeads * size;
        TLanes mixed = TLanes.Broadcast(0);
        for (int start = 0; start < seen; start += blockSize, blocks++)
        {
            float* value = values + *blocks * blockSize * valueStep;
            int end = Math.Min(seen, start + blockSize);
            for (int s = start; s < end; s++, value += valueStep) mixed = TLanes.MultiplyAdd(TLanes.Broadcast(weights[s]), TLanes.Load(value), mixed);
        }
        (mixed / TLanes.Broadcast(sum)).Store(output);
    }
}
