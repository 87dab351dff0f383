using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmFromScratch.Kernels.Cpu.Lanes;

/// <summary>How many floats the kernels take at once. Results are the same bits at every width; tests run them all.</summary>
internal enum LaneWidth
{
    One = 1,
    Four = 4,
    Eight = 8,
    Sixteen = 16,
}

/// <summary>The width that this machine runs fastest.</summary>
internal static class LaneWidths
{
    public static LaneWidth Widest =>
        Vector512.IsHardwareAccelerated ? LaneWidth.Sixteen :
        Vector256.IsHardwareAccelerated ? LaneWidth.Eight :
        Vector128.IsHardwareAccelerated ? LaneWidth.Four : LaneWidth.One;

    /// <summary>The same for products of bytes: AVX-VNNI adds four of them in one instruction, but only in registers of 256 bits.</summary>
    public static LaneWidth WidestOfBytes => AvxVnni.IsSupported && Vector256.IsHardwareAccelerated ? LaneWidth.Eight : Widest;
}
