using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels.Cpu;

/// <summary>"Numbers that do not move": the same bits at any width, any thread count, rows together or alone, pages large or small.</summary>
public class CpuBackendBitsTests
{
    private static readonly DType[] WeightTypes = [.. Enum.GetValues<DType>().Where(dtype => dtype != DType.I32)];

    public static TheoryData<int, int> Machines
    {
        get
        {
            TheoryData<int, int> rows = new();
            foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
                for (int threads = 1; threads <= 3; threads++) rows.Add((int)width, threads);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void EveryOp_AnyWidthAndThreads_GivesTheBitsOfOneLane(int lanes, int threads)
    {
        using CpuBackend plain = new(1, LaneWidth.One), other = new(threads, (LaneWidth)lanes);
        Func<IBackend, float[]>[] ops =
        [
            backend => OpRuns.MatMul(backend, DType.F32, 13, 300, 130, 13),
            backend => OpRuns.MatMul(backend, DType.F16, 13, 300, 130, 13),
            backend => OpRuns.MatMul(backend, DType.Q4_K, 13, 256, 130, 13),
            backend => OpRuns.MatMul(backend, DType.F32, 1, 300, 530, 1),
            backend => OpRuns.MatMul(backend, DType.F16, 1, 300, 530, 1),
            backend => OpRuns.MatMul(backend, DType.Q4_K, 1, 256, 530, 1),
            backend => OpRuns.RmsNorm(backend, 9, 77),
            backend => OpRuns.Rope(backend, RopePairing.Half, 3, 46, 0, 5, 700),
            backend => OpRuns.Rope(backend, RopePairing.Interleaved, 3, 46, 0, 5, 700),
            backend => OpRuns.SiluMul(backend, 9, 1001),
            backend => OpRuns.Map(backend, 9, 1001, x => backend.Gelu(x, x)),
            backend => OpRuns.Map(backend, 9, 1001, x => backend.GeluMul(x, x, x)),
            backend => OpRuns.Map(backend, 9, 1001, x => backend.SoftCap(x, 7, x)),
            backend => OpRuns.Map(backend, 9, 1001, x => backend.Scale(x, 0.3f, x)),
            backend => OpRuns.AddBias(backend, 9, 77),
            backend => OpRuns.LayerNorm(backend, 9, 77),
            backend => OpRuns.Rope(backend, RopePairing.Half, 3, 47, 38, 1.19f, 0, 5, 700),
            backend => OpRuns.RouteExperts(backend, 9, 60, 8),
            backend => OpRuns.ExpertMatMul(backend, DType.Q8_0, 7, 64, 45, 7, inputPerExpert: false),
            backend => OpRuns.ExpertMatMul(backend, DType.F32, 7, 63, 45, 7, inputPerExpert: true),
            backend => OpRuns.MixExperts(backend, 9, 5, 77),
            backend => OpRuns.Attention(backend, 6, 2, 45, 16, 100, DType.F32, new AttentionOptions(0.3f, SoftCap: 3, Window: 9), 41, 20),
            backend => OpRuns.Attention(backend, 6, 2, 45, 16, 100, DType.F32, 41, 20),
            backend => OpRuns.Attention(backend, 2, 1, 128, 16, 100, DType.F32, 37),
            backend => OpRuns.Attention(backend, 6, 2, 45, 16, 100, DType.F16, 41, 20),
            backend => OpRuns.Attention(backend, 8, 4, 24, 16, 100, DType.Q8_0, 41, 20),
            backend => OpRuns.Attention(backend, 8, 4, 24, 16, 100, DType.Q8_0, new AttentionOptions(0.3f, SoftCap: 3, Window: 9), 41, 20),
        ];
        for (int op = 0; op < ops.Length; op++) AssertSameBits(ops[op](plain), ops[op](other), $"op {op}");
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(8, 1)]
    [InlineData(16, 2)]
    public void MatMul_EveryTypeExactAndRounded_GivesTheBitsOfOneLane(int lanes, int threads)
    {
        foreach (ActivationType activations in Enum.GetValues<ActivationType>())
        {
            using CpuBackend plain = new(1, LaneWidth.One, activations), other = new(threads, (LaneWidth)lanes, activations);
            foreach (DType dtype in WeightTypes)
            foreach ((int rows, int outSize) in ((int, int)[])[(1, 270), (7, 50)])
                AssertSameBits(OpRuns.MatMul(plain, dtype, rows, 256, outSize, rows), OpRuns.MatMul(other, dtype, rows, 256, outSize, rows), $"{dtype}, {rows} rows");
        }
    }

    [Fact]
    public void RoundedMatMul_RowsTogetherOrInPiecesAndBestWidth_GivesTheSameBits()
    {
        using CpuBackend one = new(1, LaneWidth.One, ActivationType.Q8), best = new(2, ActivationType.Q8);
        foreach (DType dtype in WeightTypes.Where(dtype => dtype.BlockSize() > 1))
        foreach (int rowsAtOnce in (int[])[1, 4, 7])
            AssertSameBits(OpRuns.MatMul(one, dtype, 11, 256, 35, 11), OpRuns.MatMul(best, dtype, 11, 256, 35, rowsAtOnce), $"{dtype}, {rowsAtOnce} rows at once");
    }

    [Fact]
    public void MatMul_RowsTogetherOrInPieces_GivesTheSameBits()
    {
        using CpuBackend backend = new(2);
        foreach (DType dtype in WeightTypes)
        {
            int size = dtype.BlockSize() == 256 ? 512 : 544;
            float[] together = OpRuns.MatMul(backend, dtype, 19, size, 97, rowsAtOnce: 19);
            foreach (int rowsAtOnce in (int[])[1, 2, 8])
                AssertSameBits(together, OpRuns.MatMul(backend, dtype, 19, size, 97, rowsAtOnce), $"{dtype}, {rowsAtOnce} rows at once");
        }
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.Q8_0)]
    public void Attention_PageSizesAndPromptInPieces_GiveTheSameBits(DType cacheType)
    {
        using CpuBackend backend = new(2);
        float[] together = OpRuns.Attention(backend, 4, 2, 64, blockSize: 16, rowsAtOnce: 70, cacheType, 50, 20);
        foreach (int blockSize in (int[])[1, 4, 16, 64])
        foreach (int rowsAtOnce in (int[])[1, 7, 70])
            AssertSameBits(together, OpRuns.Attention(backend, 4, 2, 64, blockSize, rowsAtOnce, cacheType, 50, 20), $"blocks of {blockSize}, {rowsAtOnce} rows at once");
    }

    private static void AssertSameBits(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]),
                $"{what}, value {i}: expected {expected[i]:R}, got {actual[i]:R}");
    }
}
