using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>A gated activation, <c>output = f(gate) · up</c>, over one span of values a part; every value is worked out alone, so parts change nothing.</summary>
internal readonly unsafe struct GateJob<TFunction>(float* gate, float* up, float* output, int count, TFunction function) : ILaneJob
    where TFunction : unmanaged, ILaneFunction
{
    private const int PartSize = 4096;
    private readonly float* _gate = gate, _up = up, _output = output; // [count] each

    public int PartCount => (count + PartSize - 1) / PartSize;

    // Not inlined: together with its caller it would pass the compiler's budget for inlining, and each operation on lanes would become a call (27 times slower).
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int end = Math.Min(count, (part + 1) * PartSize), i = part * PartSize;
        for (; i <= end - TLanes.Count; i += TLanes.Count) (function.Apply(TLanes.Load(_gate + i)) * TLanes.Load(_up + i)).Store(_output + i);
        for (; i < end; i++) (function.Apply(Lanes1.Load(_gate + i)) * Lanes1.Load(_up + i)).Store(_output + i);
    }
}
