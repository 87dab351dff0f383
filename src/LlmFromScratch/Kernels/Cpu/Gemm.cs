using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Threading;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>General float matrix products for Training: forward <c>x · Wᵀ</c> and both backward products.</summary>
internal static unsafe class Gemm
{
    private const long SmallWork = 1 << 15; // multiply-adds that one thread does sooner than two

    /// <summary>
    /// <c>c = op(a) · op(b)</c>, or <c>c += ...</c>; op(a) is [m, k], op(b) is [k, n], c is [m, n], all row-major and dense.
    /// Each output is one chain of fused multiply-adds over k in ascending order, whatever the threads or the vector width.
    /// transposeA says that a is stored [k, m], transposeB that b is stored [n, k].
    /// </summary>
    public static void Multiply(bool transposeA, bool transposeB, int m, int n, int k,
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, bool accumulate, ThreadTeam team) =>
        Multiply(transposeA, transposeB, m, n, k, a, b, c, accumulate, team, LaneWidths.Widest);

    /// <summary>The same at a chosen width, for tests.</summary>
    public static void Multiply(bool transposeA, bool transposeB, int m, int n, int k,
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, bool accumulate, ThreadTeam team, LaneWidth width)
    {
        CheckLength(nameof(a), a.Length, m, k);
        CheckLength(nameof(b), b.Length, k, n);
        CheckLength(nameof(c), c.Length, m, n);
        if (m == 0 || n == 0) return;
        bool isDeep = DeepGemmJob.Suits(m, n, k, transposeB);
        long tileSize = (isDeep ? DeepGemmJob.ScratchSize : GemmProduct.PackedRowsSize) * (long)team.ThreadCount; // what each worker packs for itself
        long packedSize = isDeep ? 0 : (long)GemmProduct.PaddedColumns(n) * k;
        float* scratch = team.Scratch(checked((int)(tileSize + packedSize))), packed = scratch + tileSize; // [panels, k, 16]
        int threads = (long)m * n * k < SmallWork ? 1 : team.ThreadCount;
        fixed (float* aStart = a, bStart = b, cStart = c) // spans of at least m·k, k·n, m·n floats, as checked
        {
            GemmProduct product = new(aStart, cStart, m, n, k, transposeA, accumulate);
            if (isDeep)
            {
                DeepGemmJob deep = new(product, bStart, scratch, threads);
                team.Run(width, deep.PartCount, deep);
                return;
            }
            PackPanelsJob packing = new(bStart, packed, n, k, transposeB, threads);
            team.Run(width, packing.PartCount, packing);
            GemmJob job = new(product, packed, scratch, threads);
            team.Run(width, job.PartCount, job);
        }
    }

    private static void CheckLength(string name, int length, int rows, int columns)
    {
        if (length < (long)rows * columns) throw new ArgumentException($"Gemm: {name} has {length} values; expected [{rows}, {columns}].", name);
    }
}
