using LlmFromScratch.Kernels.Cpu.Threading;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>General float matrix products for Training: forward <c>x · Wᵀ</c> and both backward products.</summary>
internal static class Gemm
{
    /// <summary>
    /// <c>c = op(a) · op(b)</c>, or <c>c += ...</c>; op(a) is [m, k], op(b) is [k, n], c is [m, n], all row-major and dense.
    /// Each output is one chain of fused multiply-adds over k in ascending order, whatever the threads or the vector width.
    /// transposeA says that a is stored [k, m], transposeB that b is stored [n, k].
    /// </summary>
    public static void Multiply(bool transposeA, bool transposeB, int m, int n, int k,
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, bool accumulate, ThreadTeam team)
    {
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
        {
            float sum = accumulate ? c[i * n + j] : 0;
            for (int p = 0; p < k; p++)
                sum = MathF.FusedMultiplyAdd(transposeA ? a[p * m + i] : a[i * k + p], transposeB ? b[j * k + p] : b[p * n + j], sum);
            c[i * n + j] = sum;
        }
    }
}
