using BenchmarkDotNet.Attributes;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Benchmarks;

/// <summary>Root mean square norm of rows of 1024 values.</summary>
[MemoryDiagnoser]
public class RmsNormBenchmarks
{
    private const int Size = 1024;
    private readonly IBackend _reference = new ReferenceBackend();
    private readonly IBackend _cpu = new CpuBackend();
    private readonly Tensor _weight = Inputs.Gaussians(Size);
    private Tensor _x = null!, _output = null!; // set by Prepare before any measurement

    [Params(1, 64)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Prepare() => (_x, _output) = (Inputs.Gaussians(Rows, Size), Inputs.Gaussians(Rows, Size));

    [GlobalCleanup]
    public void Release() => _cpu.Dispose();

    [Benchmark(Baseline = true)]
    public void Reference() => _reference.RmsNorm(_x, _weight, 1e-5f, _output);

    [Benchmark]
    public void Cpu() => _cpu.RmsNorm(_x, _weight, 1e-5f, _output);
}
