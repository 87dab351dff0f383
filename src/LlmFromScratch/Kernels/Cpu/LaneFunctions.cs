using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>A function of one value, for all lanes of a register at once; a struct, so that a job over it is compiled with the function inside.</summary>
internal interface ILaneFunction
{
    TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary><see cref="VectorMath.Silu"/>.</summary>
internal readonly struct Silu : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Silu(x);
}

/// <summary><see cref="VectorMath.Gelu"/>.</summary>
internal readonly struct Gelu : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Gelu(x);
}

/// <summary><c>factor · x</c>.</summary>
internal readonly struct ScaleBy(float factor) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> => TLanes.Broadcast(factor) * x;
}

/// <summary><c>cap · tanh(x / cap)</c>.</summary>
internal readonly struct SoftCap(float cap) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes caps = TLanes.Broadcast(cap);
        return caps * VectorMath.Tanh(x / caps);
    }
}
