using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>One function of each value, <c>output = f(x)</c>, over one span of values a part.</summary>
internal readonly unsafe struct MapJob<TFunction>(float* x, float* output, int count, TFunction function) : ILaneJob
    where TFunction : unmanaged, ILaneFunction
{
    private const int PartSize = 4096;
    private readonly float* _x = x, _output = output; // [count] each

    public int PartCount => (count + PartSize - 1) / PartSize;

    // Not inlined: together with its caller it would pass the compiler's budget for inlining, and each operation on lanes would become a call (27 times slower).
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int end = Math.Min(count, (part + 1) * PartSize), i = part * PartSize;
        for (; i <= end - TLanes.Count; i += TLanes.Count) function.Apply(TLanes.Load(_x + i)).Store(_output + i);
        for (; i < end; i++) function.Apply(Lanes1.Load(_x + i)).Store(_output + i);
    }
}
