using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Adds a bias to one row a part.</summary>
internal readonly unsafe struct AddBiasJob(float* x, float* bias, int size) : ILaneJob
{
    private readonly float* _x = x, _bias = bias; // [T, out], [out]

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* row = _x + (long)part * size;
        int i = 0;
        for (; i <= size - TLanes.Count; i += TLanes.Count) (TLanes.Load(row + i) + TLanes.Load(_bias + i)).Store(row + i);
        for (; i < size; i++) row[i] += _bias[i];
    }
}
