using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// Rows that will be packed next, asked for a few lines at a time while the processor multiplies: memory works in the meantime. They go to the second cache,
/// since the first is full of what is multiplied. A hint, as <see cref="Ahead"/>; the default value asks for nothing.
/// </summary>
/// <param name="first">The first float of the first row.</param>
/// <param name="stride">Floats from row to row.</param>
/// <param name="rows">How many rows.</param>
/// <param name="floats">How much of each row.</param>
internal unsafe struct RowsAhead(float* first, long stride, int rows, int floats)
{
    private const int FloatsPerLine = Ahead.LineBytes / sizeof(float);
    private float* _row = first;
    private int _rowsLeft = rows, _next;

    /// <summary>Lines of all rows, and so how often <see cref="Fetch"/> has something to do.</summary>
    public readonly int LineCount => _rowsLeft * ((floats + FloatsPerLine - 1) / FloatsPerLine);

    /// <summary>Asks for as many lines more, or for what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(int lines)
    {
        if (!Sse.IsSupported) return;
        for (; lines > 0 && _rowsLeft > 0; lines--)
        {
            Sse.Prefetch1(_row + _next);
            _next += FloatsPerLine;
            if (_next < floats) continue;
            _next = 0;
            _row += stride;
            _rowsLeft--;
        }
    }
}
