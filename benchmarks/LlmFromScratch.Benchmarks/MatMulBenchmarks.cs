using BenchmarkDotNet.Attributes;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Benchmarks;

/// <summary>y = x · Wᵀ with W [1024, 1024]: three loops over floats, then the CPU backend. One row is decode, 64 rows are prefill.</summary>
[MemoryDiagnoser]
public class MatMulBenchmarks
{
    private const int Size = 1024;
    private CpuBackend _backend = null!; // set by Prepare before any measurement, as are the others
    private Tensor _x = null!, _y = null!, _packed = null!;
    private float[] _weight = null!;

    [Params(DType.F32, DType.F16, DType.Q8_0)]
    public DType Type { get; set; }

    [Params(1, 64)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        Tensor weight = Inputs.Weight(Type, Size, Size);
        _backend = new CpuBackend();
        (_x, _y, _packed) = (Inputs.Gaussians(Rows, Size), Inputs.Gaussians(Rows, Size), _backend.LoadMatMulWeight(weight));
        _weight = new float[Size * Size];
        RowCodec.Decode(Type, weight.Bytes, _weight);
    }

    [GlobalCleanup]
    public void Release() => _backend.Dispose();

    [Benchmark(Baseline = true)]
    public void ThreeLoops()
    {
        ReadOnlySpan<float> x = _x.Floats, weight = _weight;
        Span<float> y = _y.Floats;
        for (int t = 0; t < Rows; t++)
        for (int o = 0; o < Size; o++)
        {
            float sum = 0;
            for (int i = 0; i < Size; i++) sum += x[t * Size + i] * weight[o * Size + i];
            y[t * Size + o] = sum;
        }
    }

    [Benchmark]
    public void Cpu() => _backend.MatMul(_x, _packed, _y);
}
