using System.Runtime.Intrinsics;

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
}
