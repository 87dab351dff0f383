using LlmFromScratch.Gpu;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Gpu;

/// <summary>Indices live on the device: a wrong one must neither touch foreign memory nor go unnoticed.</summary>
public class OpenClFaultTests
{
    [OpenClTheory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Embed_IdOutsideTheTable_IsReportedAtTheNextDownload(int id)
    {
        using OpenClBackend backend = new();
        using Tensor table = backend.Load(Tensor.FromFloats([1, 2, 3], 3, 1)), ids = Indices(backend, 2, id), output = backend.Allocate(new Shape(2, 1));
        backend.Embed(table, ids, output);
        float[] values = new float[2];
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => backend.Download<float>(output, values));
        Assert.StartsWith($"Embed: token id {id}: expected 0 to 2.", error.Message);
        backend.Download<float>(output, values); // reported once; the row was left alone
        Assert.Equal([3, 0], values);
    }

    [OpenClFact]
    public void GatherRows_RowOutside_IsReportedAtSynchronize()
    {
        using OpenClBackend backend = new();
        using Tensor x = backend.Allocate(new Shape(4, 2)), rows = Indices(backend, 4), output = backend.Allocate(new Shape(1, 2));
        backend.GatherRows(x, rows, output);
        Assert.StartsWith("GatherRows: row 4: expected 0 to 3.", Assert.Throws<ArgumentOutOfRangeException>(backend.Synchronize).Message);
        backend.Synchronize();
    }

    [OpenClFact]
    public void ExpertMatMul_ExpertOutside_IsReportedAtSynchronize()
    {
        using OpenClBackend backend = new();
        using Tensor x = backend.Allocate(new Shape(1, 2)), weight = backend.LoadMatMulWeight(Tensor.Zeros(new Shape(3, 4, 2)));
        using Tensor experts = Indices(backend, 3), y = backend.Allocate(new Shape(1, 1, 4));
        backend.ExpertMatMul(x, weight, experts.Reshape(1, 1), y);
        Assert.StartsWith("ExpertMatMul: expert 3: expected 0 to 2.", Assert.Throws<ArgumentOutOfRangeException>(backend.Synchronize).Message);
    }

    [OpenClTheory]
    [InlineData(0, 8, 0, "ForwardBatch: position 8: expected 0 to 7.")] // two pages of four tokens
    [InlineData(1, 0, 0, "ForwardBatch: sequence 1: expected 0 to 0.")]
    [InlineData(0, 5, 9, "ForwardBatch: cache block 9: expected 0 to 2.")]
    [InlineData(0, 5, -1, "ForwardBatch: cache block -1: expected 0 to 2.")]
    public void Cache_PlaceOutside_IsReported(int sequence, int position, int secondBlock, string expected)
    {
        using OpenClBackend backend = new();
        using Tensor keys = backend.Allocate(new Shape(3, 4, 2)), values = backend.Allocate(new Shape(3, 4, 2));
        using Tensor row = backend.Allocate(new Shape(1, 1, 2)), output = backend.Allocate(new Shape(1, 1, 2));
        using ForwardBatch batch = new(backend, 1, 1, 2);
        batch.SetBlocks(0, [2, secondBlock]);
        batch.Add(0, position, sequence, wantLogits: false);
        batch.Commit();
        KvPages pages = new(keys, values, kvHeadCount: 1);
        backend.WriteKv(row, row, pages, batch);
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(backend.Synchronize).Message);
        backend.Attention(row, pages, batch, new AttentionOptions(1), output);
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(backend.Synchronize).Message);
    }

    private static Tensor Indices(OpenClBackend backend, params int[] values)
    {
        Tensor tensor = backend.Allocate(new Shape(values.Length), DType.I32);
        backend.Upload<int>(values, tensor);
        return tensor;
    }
}
