using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// Asks memory for weights before they are needed. One row of x reads every weight once, so memory sets the pace, and the processor's own guesses end
/// at each page. A hint: it changes no result, and any address will do.
/// </summary>
internal static unsafe class Ahead
{
    private const int Distance = 2048; // bytes: several runs of 32 values
    private const int LineBytes = 64;

    /// <summary>The lines of as many bytes, from a fixed distance behind <paramref name="at"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* at, int bytes)
    {
        if (!Sse.IsSupported) return;
        for (int line = 0; line < bytes; line += LineBytes) Sse.Prefetch0(at + Distance + line);
    }
}
