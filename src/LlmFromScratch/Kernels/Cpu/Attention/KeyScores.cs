using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Attention;

/// <summary><c>scores[s] = scale · q · k[s]</c> for all lines of a part, four keys at a time. Each product is summed as VectorMath.Dot does.</summary>
internal static unsafe class KeyScores
{
    private const int KeysAtOnce = 4;

    public static void Run<TLanes>(in AttentionMemory at, AttentionLine* lines, int lineCount, int* blocks, HeadRows head, float scale)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* partial = stackalloc float[KeysAtOnce * VectorMath.SumLanes];
        long step = head.Step;
        int seen = 0, first = int.MaxValue;
        for (int line = 0; line < lineCount; line++) (first, seen) = (Math.Min(first, lines[line].First), Math.Max(seen, lines[line].Seen));
        for (int start = first / at.BlockSize * at.BlockSize; start < seen; start += at.BlockSize)
        {
            int end = Math.Min(seen, start + at.BlockSize);
            float* key = head.Read<TLanes>(at.Keys + at.OffsetOf(blocks, start), end - start);
            for (int s = start; s < end; s += KeysAtOnce, key += KeysAtOnce * step)
            {
                int last = Math.Min(KeysAtOnce, end - s) - 1; // fewer keys: the last one again, whose extra scores are overwritten or never read
                float* key1 = key + Math.Min(1, last) * step, key2 = key + Math.Min(2, last) * step, key3 = key + last * step;
                for (int line = 0; line < lineCount; line++)
                    if (s < lines[line].Seen && s + KeysAtOnce > lines[line].First)
                        DotFour<TLanes>(lines[line].Query, key, key1, key2, key3, at.HeadSize, scale, partial, lines[line].Scores + s);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotFour<TLanes>(float* query, float* key0, float* key1, float* key2, float* key3, int size, float scale, float* partial, float* scores)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int whole = size & -VectorMath.SumLanes;
        float* partial1 = partial + VectorMath.SumLanes, partial2 = partial1 + VectorMath.SumLanes, partial3 = partial2 + VectorMath.SumLanes;
        for (int lane = 0; lane < VectorMath.SumLanes; lane += TLanes.Count)
        {
            TLanes sum0 = TLanes.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            for (int i = lane; i < whole; i += VectorMath.SumLanes)
            {
                TLanes q = TLanes.Load(query + i);
                sum0 = TLanes.MultiplyAdd(q, TLanes.Load(key0 + i), sum0);
                sum1 = TLanes.MultiplyAdd(q, TLanes.Load(key1 + i), sum1);
                sum2 = TLanes.MultiplyAdd(q, TLanes.Load(key2 + i), sum2);
                sum3 = TLanes.MultiplyAdd(q, TLanes.Load(key3 + i), sum3);
            }
            sum0.Store(partial + lane);
            sum1.Store(partial1 + lane);
            sum2.Store(partial2 + lane);
            sum3.Store(partial3 + lane);
        }
        for (int i = whole; i < size; i++)
        {
            int lane = i - whole;
            partial[lane] = MathF.FusedMultiplyAdd(query[i], key0[i], partial[lane]);
            partial1[lane] = MathF.FusedMultiplyAdd(query[i], key1[i], partial1[lane]);
            partial2[lane] = MathF.FusedMultiplyAdd(query[i], key2[i], partial2[lane]);
            partial3[lane] = MathF.FusedMultiplyAdd(query[i], key3[i], partial3[lane]);
        }
        scores[0] = scale * VectorMath.SumOfLanes(partial);
        scores[1] = scale * VectorMath.SumOfLanes(partial1);
        scores[2] = scale * VectorMath.SumOfLanes(partial2);
        scores[3] = scale * VectorMath.SumOfLanes(partial3);
    }
}
