using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// Asks memory for what is needed next. One row of x reads every weight once, so memory sets the pace, and the processor's own guesses end
/// at each page. A hint: it changes no result, and any address will do.
/// </summary>
internal static unsafe class Ahead
{
    /// <summary>Bytes of a line of the cache.</summary>
    public const int LineBytes = 64;

    private const int Distance = 2048; // bytes: several runs of 32 values

    /// <summary>The lines of as many bytes, from a fixed distance behind <paramref name="at"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* at, int bytes)
    {
        if (!Sse.IsSupported) return;
        for (int line = 0; line < bytes; line += LineBytes) Sse.Prefetch0(at + Distance + line);
    }

    /// <summary>The one line at an address and at those <paramref name="stride"/> bytes further on, for the second cache: rows of 4 KiB displace each other in the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchLines(void* at, long stride, int rows)
    {
        if (!Sse.IsSupported) return;
        for (byte* line = (byte*)at; rows > 0; rows--, line += stride) Sse.Prefetch1(line);
    }

    /// <summary>The lines of some floats of each of some rows that lie far apart; none where <paramref name="rows"/> is below 1.</summary>
    public static void PrefetchRows(float* first, long stride, int rows, int floats)
    {
        if (!Sse.IsSupported) return;
        for (; rows > 0; rows--, first += stride)
            for (int i = 0; i < floats; i += LineBytes / sizeof(float)) Sse.Prefetch0(first + i);
    }
}
