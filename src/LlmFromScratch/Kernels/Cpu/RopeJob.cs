using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Turns the first 2 · pairs values of all heads of one token row a part.</summary>
internal readonly unsafe struct RopeJob(float* x, int* positions, float* cosines, float* sines, int heads, int size, int pairs, RopePairing pairing) : ILaneJob
{
    private readonly float* _x = x, _cosines = cosines, _sines = sines; // [T, heads, D], [positions, pairs] twice
    private readonly int* _positions = positions; // [T]

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* cos = _cosines + (long)_positions[part] * pairs, sin = _sines + (long)_positions[part] * pairs;
        float* head = _x + (long)part * heads * size;
        for (int h = 0; h < heads; h++, head += size)
            if (pairing == RopePairing.Half) TurnHalves<TLanes>(head, head + pairs, cos, sin, pairs);
            else TurnNeighbours(head, cos, sin, pairs);
    }

    private static void TurnHalves<TLanes>(float* first, float* second, float* cos, float* sin, int pairs) where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        for (; i <= pairs - TLanes.Count; i += TLanes.Count)
        {
            TLanes a = TLanes.Load(first + i), b = TLanes.Load(second + i), c = TLanes.Load(cos + i), s = TLanes.Load(sin + i);
            (a * c - b * s).Store(first + i);
            (a * s + b * c).Store(second + i);
        }
        for (; i < pairs; i++) (first[i], second[i]) = (first[i] * cos[i] - second[i] * sin[i], first[i] * sin[i] + second[i] * cos[i]);
    }

    private static void TurnNeighbours(float* head, float* cos, float* sin, int pairs)
    {
        for (int i = 0; i < pairs; i++, head += 2)
            (head[0], head[1]) = (head[0] * cos[i] - head[1] * sin[i], head[0] * sin[i] + head[1] * cos[i]);
    }
}
