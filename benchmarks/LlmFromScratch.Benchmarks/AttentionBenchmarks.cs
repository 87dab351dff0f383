using BenchmarkDotNet.Attributes;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Benchmarks;

/// <summary>Attention with 8 query heads, 4 key/value heads of 64 values, pages of 16: a prompt of 256 rows, and one row that sees 256 positions.</summary>
[MemoryDiagnoser]
public class AttentionBenchmarks
{
    private const int Positions = 256, Heads = 8, KvHeads = 4, HeadSize = 64, BlockSize = 16;
    private static readonly AttentionOptions Options = new(0.125f); // 1 / √64
    private readonly IBackend _reference = new ReferenceBackend();
    private readonly IBackend _cpu = new CpuBackend();
    private Tensor _query = null!, _output = null!; // set by Prepare before any measurement, as are the others
    private KvPages _pages = null!;
    private ForwardBatch _batch = null!;

    [Params(1, Positions)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        int blocks = Positions / BlockSize;
        (_query, _output) = (Inputs.Gaussians(Rows, Heads, HeadSize), Inputs.Gaussians(Rows, Heads, HeadSize));
        _pages = new KvPages(Inputs.Gaussians(blocks, BlockSize, KvHeads * HeadSize), Inputs.Gaussians(blocks, BlockSize, KvHeads * HeadSize), KvHeads);
        _batch = new ForwardBatch(_cpu, Rows, 1, blocks);
        _batch.SetBlocks(0, [.. Enumerable.Range(0, blocks)]);
        for (int row = 0; row < Rows; row++) _batch.Add(0, Positions - Rows + row, 0, wantLogits: false);
        _batch.Commit();
    }

    [GlobalCleanup]
    public void Release() => _cpu.Dispose();

    [Benchmark(Baseline = true)]
    public void Reference() => _reference.Attention(_query, _pages, _batch, Options, _output);

    [Benchmark]
    public void Cpu() => _cpu.Attention(_query, _pages, _batch, Options, _output);
}
