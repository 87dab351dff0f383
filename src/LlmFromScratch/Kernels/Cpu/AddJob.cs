using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Adds two spans of values.</summary>
internal readonly unsafe struct AddJob(float* a, float* b, float* sum, int count) : ILaneJob
{
    private const int PartSize = 16384;
    private readonly float* _a = a, _b = b, _sum = sum; // [count] each

    public int PartCount => (count + PartSize - 1) / PartSize;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int end = Math.Min(count, (part + 1) * PartSize), i = part * PartSize;
        for (; i <= end - TLanes.Count; i += TLanes.Count) (TLanes.Load(_a + i) + TLanes.Load(_b + i)).Store(_sum + i);
        for (; i < end; i++) _sum[i] = _a[i] + _b[i];
    }
}
