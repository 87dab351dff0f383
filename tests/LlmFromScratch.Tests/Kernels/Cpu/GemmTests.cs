using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Tests.Kernels.Cpu;

public class GemmTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 7, 9, 33 }, { 64, 48, 31 }, { 13, 33, 257 }, { 100, 65, 513 }, { 200, 40, 16 }, { 5, 0, 3 }, { 3, 4, 0 }, { 100, 290, 1030 },
    };

    [Fact]
    public void Multiply_TwoByTwo_IsTheProductByHand()
    {
        // [1 2; 3 4] · [5 6; 7 8] = [1·5 + 2·7, 1·6 + 2·8; 3·5 + 4·7, 3·6 + 4·8]
        using ThreadTeam team = new(1);
        float[] c = new float[4];
        Gemm.Multiply(false, false, 2, 2, 2, [1, 2, 3, 4], [5, 6, 7, 8], c, accumulate: false, team);
        Assert.Equal([19, 22, 43, 50], c);
        Gemm.Multiply(true, false, 2, 2, 2, [1, 3, 2, 4], [5, 6, 7, 8], c, accumulate: true, team);
        Assert.Equal([38, 44, 86, 100], c);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Multiply_EveryWidthAndThreadCount_IsTheChainBitForBit(int m, int n, int k)
    {
        SeededRandom random = new(5);
        float[] a = Values(m * k, random), b = Values(k * n, random), before = Values(m * n, random);
        foreach (bool transposeA in (bool[])[false, true])
        foreach (bool transposeB in (bool[])[false, true])
        foreach (bool accumulate in (bool[])[false, true])
        {
            float[] expected = Chains(transposeA, transposeB, m, n, k, a, b, before, accumulate);
            foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
            for (int threads = 1; threads <= 3; threads++)
            {
                using ThreadTeam team = new(threads);
                float[] c = [.. before];
                Gemm.Multiply(transposeA, transposeB, m, n, k, a, b, c, accumulate, team, width);
                Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), c.Select(BitConverter.SingleToInt32Bits));
            }
        }
    }

    [Fact]
    public void Multiply_SpanTooShort_NamesTheMatrix()
    {
        using ThreadTeam team = new(1);
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            Gemm.Multiply(false, false, 2, 2, 2, [1, 2, 3, 4], [5, 6, 7], new float[4], accumulate: false, team));
        Assert.StartsWith("Gemm: b has 3 values; expected [2, 2].", error.Message);
    }

    // The definition that the fast product must equal: one chain of fused multiply-adds an output, k ascending.
    private static float[] Chains(bool transposeA, bool transposeB, int m, int n, int k, float[] a, float[] b, float[] before, bool accumulate)
    {
        float[] c = new float[m * n];
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
        {
            float sum = accumulate ? before[i * n + j] : 0;
            for (int p = 0; p < k; p++)
                sum = MathF.FusedMultiplyAdd(transposeA ? a[p * m + i] : a[i * k + p], transposeB ? b[j * k + p] : b[p * n + j], sum);
            c[i * n + j] = sum;
        }
        return c;
    }

    private static float[] Values(int count, SeededRandom random) =>
        Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian()).ToArray();
}
