using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Layer norm, one row a part: the mean, then the squares around it, each in 16 partial sums, then <c>(x - mean) · factor · weight + bias</c>.</summary>
internal readonly unsafe struct LayerNormJob(float* x, float* weight, float* bias, float epsilon, float* output, int size) : ILaneJob
{
    private readonly float* _x = x, _weight = weight, _bias = bias, _output = output; // [T, C], [C], [C], [T, C]

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* row = _x + (long)part * size, result = _output + (long)part * size;
        float mean = VectorMath.SumShifted<TLanes>(row, size, 0, squared: false) / size;
        float factor = 1 / MathF.Sqrt(VectorMath.SumShifted<TLanes>(row, size, mean, squared: true) / size + epsilon);
        TLanes means = TLanes.Broadcast(mean), factors = TLanes.Broadcast(factor);
        int i = 0;
        for (; i <= size - TLanes.Count; i += TLanes.Count)
            TLanes.MultiplyAdd((TLanes.Load(row + i) - means) * factors, TLanes.Load(_weight + i), TLanes.Load(_bias + i)).Store(result + i);
        for (; i < size; i++) result[i] = MathF.FusedMultiplyAdd((row[i] - mean) * factor, _weight[i], _bias[i]);
    }
}
