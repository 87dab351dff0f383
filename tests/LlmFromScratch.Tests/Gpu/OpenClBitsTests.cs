using LlmFromScratch.Gpu;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Kernels;

namespace LlmFromScratch.Tests.Gpu;

/// <summary>An output's order of summation depends on its length only: the same bits alone or in a batch, in pages large or small.</summary>
public class OpenClBitsTests
{
    [OpenClTheory]
    [InlineData(DType.F32, 301)]
    [InlineData(DType.F16, 301)]
    [InlineData(DType.Q8_0, 288)]
    public void MatMul_RowKernelAndTileKernel_GiveTheSameBits(DType dtype, int inSize)
    {
        using OpenClBackend backend = new();
        float[] together = OpRuns.MatMul(backend, dtype, 19, inSize, 97, rowsAtOnce: 19);
        foreach (int rowsAtOnce in (int[])[1, 4, 5])
            Assert.Equal(together, OpRuns.MatMul(backend, dtype, 19, inSize, 97, rowsAtOnce));
    }

    [OpenClTheory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.Q8_0)]
    public void Attention_PageSizesAndPromptInPieces_GiveTheSameBits(DType cacheType)
    {
        using OpenClBackend backend = new();
        float[] whole = OpRuns.Attention(backend, 8, 4, 24, blockSize: 16, rowsAtOnce: 200, cacheType, 130, 20);
        foreach ((int blockSize, int rowsAtOnce) in ((int, int)[])[(1, 200), (7, 64), (16, 1), (200, 33)])
            Assert.Equal(whole, OpRuns.Attention(backend, 8, 4, 24, blockSize, rowsAtOnce, cacheType, 130, 20));
    }

    [OpenClFact]
    public void Rope_PositionsOfLongContexts_KeepTheirAngle()
    {
        // 131,071 · 1 rad rounds to a float that is exact, but 131,071 · 0.3 does not: without the rest, the angle would be off by up to 2e-3.
        const float tolerance = 4e-6f; // absolute, of values near 1: sine and cosine within 4 ulp, the rest's series
        float[][] results = new float[2][];
        using OpenClBackend device = new();
        using ReferenceBackend reference = new();
        foreach ((int index, IBackend backend) in ((int, IBackend)[])[(0, reference), (1, device)])
        {
            using Tensor x = backend.Load(Tensor.FromFloats([1, 0, 1, 0, 1, 0, 1, 0], 2, 1, 4)), positions = backend.Allocate(new Shape(2), DType.I32);
            using Tensor frequencies = backend.Load(Tensor.FromFloats([0.3f, 0.7f], 2));
            backend.Upload<int>([131_071, 99_991], positions);
            backend.Rope(x, positions, new RopeOptions(RopePairing.Interleaved, frequencies));
            backend.Download<float>(x, results[index] = new float[8]);
        }
        for (int i = 0; i < 8; i++) Assert.InRange(results[1][i], results[0][i] - tolerance, results[0][i] + tolerance);
    }

    [OpenClFact]
    public void WeightF16_EveryFiniteBitPattern_IsDecodedExactly()
    {
        using OpenClBackend backend = new();
        using Tensor table = Tensor.Zeros(new Shape(64, 1024), DType.F16), output = backend.Allocate(new Shape(64, 1024)), ids = backend.Allocate(new Shape(64), DType.I32);
        for (int bits = 0; bits < 65536; bits++) BitConverter.TryWriteBytes(table.Bytes[(2 * bits)..], (ushort)bits);
        backend.Upload<int>(Enumerable.Range(0, 64).ToArray(), ids);
        using Tensor loaded = backend.Load(table);
        backend.Embed(loaded, ids, output);
        float[] values = new float[65536];
        backend.Download<float>(output, values);
        for (int bits = 0; bits < 65536; bits++)
        {
            Half expected = BitConverter.UInt16BitsToHalf((ushort)bits);
            Assert.True(Half.IsNaN(expected) ? float.IsNaN(values[bits]) : values[bits].Equals((float)expected), $"0x{bits:X4}: expected {expected}, got {values[bits]}");
        }
    }
}
