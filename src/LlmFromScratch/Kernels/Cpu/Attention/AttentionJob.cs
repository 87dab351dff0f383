using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Attention;

/// <summary>
/// Attention of up to four token rows and one key/value head a part. A line is one row of one query head: all lines of a part pass each key and value
/// while it is in L1. Scores of all positions first, then softmax, then the mix of values; the sums of a line run over positions in ascending order and
/// never look at where pages begin or which lines share the part.
/// </summary>
internal readonly unsafe struct AttentionJob(AttentionMemory memory, AttentionOptions options) : ILaneJob
{
    public const int RowsPerPart = 4;
    private readonly AttentionMemory _at = memory;

    public int PartCount => (_at.Rows + RowsPerPart - 1) / RowsPerPart * _at.KvHeads;

    /// <summary>Scores of one line: the positions in whole partial sums, and room for the last four keys to run over.</summary>
    public static int ScoresFor(int positions) => PaddedScores(positions) + VectorMath.SumLanes;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int row = part / _at.KvHeads * RowsPerPart, end = Math.Min(_at.Rows, row + RowsPerPart), kvHead = part % _at.KvHeads;
        while (row < end)
        {
            int next = row + 1; // rows of one sequence together: they share keys and values
            while (next < end && _at.Sequences[next] == _at.Sequences[row]) next++;
            Attend<TLanes>(row, next - row, kvHead, worker);
            row = next;
        }
    }

    private void Attend<TLanes>(int row, int rows, int kvHead, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int group = _at.Group, lineCount = rows * group;
        AttentionLine* lines = stackalloc AttentionLine[RowsPerPart * group];
        for (int line = 0; line < lineCount; line++)
        {
            int t = row + line / group, h = kvHead * group + line % group;
            long start = ((long)t * _at.Heads + h) * _at.HeadSize;
            lines[line] = new AttentionLine
            {
                Query = _at.Query + start,
                Output = _at.Output + start,
                Scores = _at.Scores + ((long)worker * RowsPerPart * group + line) * _at.ScoresPerLine,
                First = options.FirstSeen(_at.Positions[t]),
                Seen = _at.Positions[t] + 1, // causal: none after its own
            };
        }
        int* blocks = _at.BlockTable + (long)_at.Sequences[row] * _at.BlocksPerSequence;
        HeadRows head = new(_at, kvHead, worker);
        KeyScores.Run<TLanes>(_at, lines, lineCount, blocks, head, options.Scale);
        for (int line = 0; line < lineCount; line++)
        {
            int start = lines[line].First & -VectorMath.SumLanes; // a score belongs to the same partial sum wherever the window begins
            float* scores = lines[line].Scores + start;
            if (options.SoftCap > 0) Cap<TLanes>(scores, PaddedScores(lines[line].Seen - start), new SoftCap(options.SoftCap));
            lines[line].Sum = Softmax<TLanes>(scores, lines[line].First - start, lines[line].Seen - start);
        }
        ValueMix.Run<TLanes>(_at, lines, lineCount, blocks, head);
    }

    // whole registers: what was never a score is capped too, and then overwritten
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Cap<TLanes>(float* scores, int padded, SoftCap cap) where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int s = 0; s < padded; s += TLanes.Count) cap.Apply(TLanes.Load(scores + s)).Store(scores + s);
    }

    // scores -> e^(score - max); returns their sum, in 16 partial sums. The scores before `first`, fewer than 16, and after `seen` are not seen.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Softmax<TLanes>(float* scores, int first, int seen) where TLanes : unmanaged, ILanes<TLanes>
    {
        int padded = PaddedScores(seen);
        for (int s = 0; s < first; s++) scores[s] = float.NegativeInfinity;
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

    private static int PaddedScores(int positions) => (positions + VectorMath.SumLanes - 1) / VectorMath.SumLanes * VectorMath.SumLanes;
}
