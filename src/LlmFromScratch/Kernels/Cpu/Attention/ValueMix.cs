using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Attention;

/// <summary>
/// <c>output[i] = Σ_s weight[s] · v[s, i] / sum</c>, one chain over s for each i. Four lines by two registers at a time: the eight chains hide the
/// latency of a fused multiply-add, and a value is read once for four lines.
/// </summary>
internal static unsafe class ValueMix
{
    private const int LinesAtOnce = 4;

    public static void Run<TLanes>(in AttentionMemory at, AttentionLine* lines, int lineCount, int* blocks, HeadRows head)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int line = 0; line < lineCount; line++) new Span<float>(lines[line].Output, at.HeadSize).Clear();
        AttentionLine* four = stackalloc AttentionLine[LinesAtOnce];
        for (int line = 0; line < lineCount; line += LinesAtOnce)
        {
            int count = Math.Min(LinesAtOnce, lineCount - line), first = 0, common = int.MaxValue; // all four see positions first to common - 1
            for (int i = 0; i < LinesAtOnce; i++) // fewer lines: the last one again, which writes the same values again
            {
                four[i] = lines[line + Math.Min(i, count - 1)];
                (first, common) = (Math.Max(first, four[i].First), Math.Min(common, four[i].Seen));
            }
            common = Math.Max(first, common); // windows that do not meet: each line alone
            for (int i = 0; i < count; i++) MixAlone<TLanes>(at, lines[line + i], blocks, head, lines[line + i].First, first);
            MixRange<TLanes>(at, four, blocks, head, first, common);
            for (int i = 0; i < count; i++)
            {
                MixAlone<TLanes>(at, lines[line + i], blocks, head, common, lines[line + i].Seen);
                for (int j = 0; j < at.HeadSize; j++) lines[line + i].Output[j] /= lines[line + i].Sum;
            }
        }
    }

    // positions that not all of the four see; the chain of each value goes on in ascending order
    private static void MixAlone<TLanes>(in AttentionMemory at, AttentionLine line, int* blocks, HeadRows head, int from, int to)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        to = Math.Min(to, line.Seen);
        if (from >= to) return;
        AttentionLine* four = stackalloc AttentionLine[LinesAtOnce] { line, line, line, line };
        MixRange<TLanes>(at, four, blocks, head, from, to);
    }

    private static void MixRange<TLanes>(in AttentionMemory at, AttentionLine* four, int* blocks, HeadRows head, int from, int to)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        while (from < to)
        {
            int end = Math.Min(to, (from / at.BlockSize + 1) * at.BlockSize); // within one page
            float* value = head.Read<TLanes>(at.Values + at.OffsetOf(blocks, from), end - from);
            int i = 0;
            for (; i <= at.HeadSize - TLanes.Count; i += 2 * TLanes.Count) // a lone last register: the first again, writing the same values again
                MixPage<TLanes>(four, value, head.Step, from, end, i, i <= at.HeadSize - 2 * TLanes.Count ? i + TLanes.Count : i);
            for (i = at.HeadSize / TLanes.Count * TLanes.Count; i < at.HeadSize; i++) MixPage<Lanes1>(four, value, head.Step, from, end, i, i);
            from = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixPage<TLanes>(AttentionLine* four, float* value, long step, int from, int to, int left, int right)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* output0 = four[0].Output, output1 = four[1].Output, output2 = four[2].Output, output3 = four[3].Output;
        float* weight0 = four[0].Scores, weight1 = four[1].Scores, weight2 = four[2].Scores, weight3 = four[3].Scores;
        TLanes left0 = TLanes.Load(output0 + left), right0 = TLanes.Load(output0 + right);
        TLanes left1 = TLanes.Load(output1 + left), right1 = TLanes.Load(output1 + right);
        TLanes left2 = TLanes.Load(output2 + left), right2 = TLanes.Load(output2 + right);
        TLanes left3 = TLanes.Load(output3 + left), right3 = TLanes.Load(output3 + right);
        for (int s = from; s < to; s++, value += step)
        {
            TLanes leftValue = TLanes.Load(value + left), rightValue = TLanes.Load(value + right), weight = TLanes.Broadcast(weight0[s]);
            (left0, right0) = (TLanes.MultiplyAdd(weight, leftValue, left0), TLanes.MultiplyAdd(weight, rightValue, right0));
            weight = TLanes.Broadcast(weight1[s]);
            (left1, right1) = (TLanes.MultiplyAdd(weight, leftValue, left1), TLanes.MultiplyAdd(weight, rightValue, right1));
            weight = TLanes.Broadcast(weight2[s]);
            (left2, right2) = (TLanes.MultiplyAdd(weight, leftValue, left2), TLanes.MultiplyAdd(weight, rightValue, right2));
            weight = TLanes.Broadcast(weight3[s]);
            (left3, right3) = (TLanes.MultiplyAdd(weight, leftValue, left3), TLanes.MultiplyAdd(weight, rightValue, right3));
        }
        left0.Store(output0 + left);
        right0.Store(output0 + right);
        left1.Store(output1 + left);
        right1.Store(output1 + right);
        left2.Store(output2 + left);
        right2.Store(output2 + right);
        left3.Store(output3 + left);
        right3.Store(output3 + right);
    }
}
