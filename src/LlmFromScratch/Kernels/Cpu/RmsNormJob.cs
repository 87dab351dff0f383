using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Root mean square norm, one row a part: the sum of squares in 16 partial sums, then <c>x · factor · weight</c>.</summary>
internal readonly unsafe struct RmsNormJob(float* x, float* weight, float epsilon, float* output, int size) : ILaneJob
{
    private readonly float* _x = x, _weight = weight, _output = output; // [T, C], [C], [T, C]

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* row = _x + (long)part * size, result = _output + (long)part * size;
        float factor = 1 / MathF.Sqrt(VectorMath.Dot<TLanes>(row, row, size) / size + epsilon);
        TLanes factors = TLanes.Broadcast(factor);
        int i = 0;
        for (; i <= size - TLanes.Count; i += TLanes.Count) (TLanes.Load(row + i) * factors * TLanes.Load(_weight + i)).Store(result + i);
        for (; i < size; i++) result[i] = row[i] * factor * _weight[i];
    }
}
