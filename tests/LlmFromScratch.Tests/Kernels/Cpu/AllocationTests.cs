using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels.Cpu;

public class AllocationTests
{
    [Theory]
    [InlineData(1, DType.F32)]
    [InlineData(2, DType.F32)]
    [InlineData(2, DType.F16)]
    [InlineData(2, DType.Q8_0)]
    public void DecodeStep_AllOps_AllocatesNothing(int threads, DType cacheType)
    {
        using CpuBackend backend = new(threads);
        using Tensor table = backend.Load(OpRuns.Weight(DType.Q8_0, 10, 256)), norm = backend.Allocate(new Shape(256));
        using Tensor weight = backend.LoadMatMulWeight(OpRuns.Weight(DType.Q8_0, 256, 256)), rows = backend.Allocate(new Shape(1), DType.I32);
        using Tensor x = backend.Allocate(new Shape(1, 256)), y = backend.Allocate(new Shape(1, 256)), frequencies = backend.Allocate(new Shape(32));
        using Tensor keys = backend.Allocate(new Shape(4, 16, 256), cacheType), values = backend.Allocate(keys.Shape, cacheType);
        Tensor heads = y.Reshape(1, 4, 64), result = x.Reshape(1, 4, 64);
        KvPages pages = new(keys, values, kvHeadCount: 4);
        using ForwardBatch batch = new(backend, 1, 1, 4);
        batch.SetBlocks(0, [3, 1, 0, 2]);

        void Step(int position)
        {
            batch.Clear();
            batch.Add(id: 7, position, sequence: 0, wantLogits: true);
            batch.Commit();
            backend.Embed(table, batch.Ids, x);
            backend.RmsNorm(x, norm, 1e-5f, x);
            backend.MatMul(x, weight, y);
            backend.Rope(heads, batch.Positions, new RopeOptions(RopePairing.Half, frequencies));
            backend.WriteKv(heads, heads, pages, batch);
            backend.Attention(heads, pages, batch, new AttentionOptions(0.125f), result);
            backend.SiluMul(x, y, y);
            backend.Add(x, y, x);
            backend.GatherRows(x, rows, y);
        }

        for (int position = 0; position < 4; position++) Step(position);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int position = 4; position < 60; position++) Step(position);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void MatMul_RoundedActivations_AllocatesNothing()
    {
        using CpuBackend backend = new(2, ActivationType.Q8);
        using Tensor weight = backend.LoadMatMulWeight(OpRuns.Weight(DType.Q4_K, 300, 256)), x = backend.Allocate(new Shape(1, 256)), y = backend.Allocate(new Shape(1, 300));
        backend.MatMul(x, weight, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) backend.MatMul(x, weight, y);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
