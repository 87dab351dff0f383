using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>A weight type whose values stand alone, and how a register of them becomes floats; all three widen exactly.</summary>
internal unsafe interface IPlainValue
{
    /// <summary>Bytes a value: 2 or 4.</summary>
    static abstract int Bytes { get; }

    /// <summary>Reads Count values.</summary>
    static abstract TLanes Load<TLanes>(byte* source) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>IEEE 754 binary32.</summary>
internal readonly unsafe struct PlainF32 : IPlainValue
{
    public static int Bytes => 4;

    public static TLanes Load<TLanes>(byte* source) where TLanes : unmanaged, ILanes<TLanes> => TLanes.Load((float*)source);
}

/// <summary>IEEE 754 binary16.</summary>
internal readonly unsafe struct PlainF16 : IPlainValue
{
    public static int Bytes => 2;

    public static TLanes Load<TLanes>(byte* source) where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadHalves((ushort*)source);
}

/// <summary>bfloat16.</summary>
internal readonly unsafe struct PlainBF16 : IPlainValue
{
    public static int Bytes => 2;

    public static TLanes Load<TLanes>(byte* source) where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadBrains((ushort*)source);
}
