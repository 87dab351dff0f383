using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels.Cpu;

public class CpuBackendTests
{
    [Fact]
    public void MatMul_RawWeight_IsRefusedWithAHint()
    {
        using CpuBackend backend = new(1);
        using Tensor x = backend.Allocate(new Shape(1, 2)), raw = backend.Allocate(new Shape(3, 2)), y = backend.Allocate(new Shape(1, 3));
        Assert.Contains("LoadMatMulWeight", Assert.Throws<ArgumentException>(() => backend.MatMul(x, raw, y)).Message);
    }

    [Fact]
    public void MatMul_SliceOfPackedWeight_IsRefused()
    {
        using CpuBackend backend = new(1);
        using Tensor x = backend.Allocate(new Shape(1, 2)), y = backend.Allocate(new Shape(1, 16));
        using Tensor weight = backend.LoadMatMulWeight(OpRuns.Weight(DType.F32, 32, 2));
        Assert.Throws<ArgumentException>(() => backend.MatMul(x, weight.Slice(16, 16), y));
    }

    [Fact]
    public void LoadMatMulWeight_Integers_AreRefused()
    {
        using CpuBackend backend = new(1);
        using Tensor ids = backend.Allocate(new Shape(2, 2), DType.I32);
        Assert.Throws<NotSupportedException>(() => backend.LoadMatMulWeight(ids));
    }

    [Fact]
    public void Attention_PageOutsideTheCache_IsRefused()
    {
        using CpuBackend backend = new(1);
        Shape cache = new(2, 4, 8);
        using Tensor keys = backend.Allocate(cache), values = backend.Allocate(cache), query = backend.Allocate(new Shape(1, 1, 8));
        using ForwardBatch batch = new(backend, 1, 1, 2);
        batch.SetBlocks(0, [0, 2]); // pages are 0 and 1
        batch.Add(0, position: 4, sequence: 0, wantLogits: false);
        batch.Commit();
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.Attention(query, new KvPages(keys, values, kvHeadCount: 1), batch, new AttentionOptions(1), query));
    }

    [Fact]
    public void Rope_NegativePosition_IsRefused()
    {
        using CpuBackend backend = new(1);
        using Tensor x = backend.Allocate(new Shape(1, 1, 2)), positions = backend.Allocate(new Shape(1), DType.I32), frequencies = Tensor.FromFloats([1], 1);
        positions.Ints[0] = -1;
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.Rope(x, positions, new RopeOptions(RopePairing.Half, frequencies)));
    }
}
