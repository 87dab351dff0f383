using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Sums the weighted answers of one row's experts a part: each value is one chain over the experts in the order of their choice.</summary>
internal readonly unsafe struct MixExpertsJob(float* x, float* weights, float* output, int used, int size) : ILaneJob
{
    private readonly float* _x = x, _weights = weights, _output = output; // [T, U, C], [T, U], [T, C]

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* rows = _x + (long)part * used * size, shares = _weights + (long)part * used, result = _output + (long)part * size;
        int i = 0;
        for (; i <= size - TLanes.Count; i += TLanes.Count) Mix<TLanes>(rows + i, shares, result + i);
        for (; i < size; i++) Mix<Lanes1>(rows + i, shares, result + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Mix<TLanes>(float* rows, float* shares, float* result) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sum = TLanes.Broadcast(0);
        for (int u = 0; u < used; u++) sum = TLanes.MultiplyAdd(TLanes.Broadcast(shares[u]), TLanes.Load(rows + (long)u * size), sum);
        sum.Store(result);
    }
}
