using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// Turns 16 stored rows of values into [k, 16]. The inner loops turn squares in registers: eight rows of eight 16-bit values or four of four 32-bit values.
/// To interleave the first half of a square with the second moves the highest bit of every index (row, k) to its end; after three such moves, or two, the
/// bits of k stand before those of the row.
/// </summary>
internal static unsafe class RowTransposition
{
    /// <summary>Whether the processor interleaves registers; without that <see cref="Plain{T}"/> does all the work.</summary>
    private static bool HasInterleaving => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>[16, length] of values, rows <paramref name="stride"/> values apart, to [length, 16].</summary>
    /// <typeparam name="T">Of the size of a value, 16 or 32 bits.</typeparam>
    /// <param name="rows">The first value of the first row: sixteen rows of at least as many values.</param>
    /// <param name="stride">Values from row to row.</param>
    /// <param name="length">Values that are taken of each row.</param>
    /// <param name="panel">[length, 16].</param>
    /// <param name="next">Rows that will be asked for next, as far apart: they are fetched meanwhile. A hint, any address will do.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sixteen<T>(T* rows, long stride, int length, T* panel, T* next) where T : unmanaged
    {
        int side = sizeof(T) == sizeof(ushort) ? 8 : 4, line = Ahead.LineBytes / sizeof(T);
        int whole = HasInterleaving ? length & -side : 0;
        for (int row = 0; row < Tile.PanelSize; row += side)
        {
            T* from = rows + row * stride, to = panel + row, ahead = next + row * stride;
            for (int k = 0; k < whole; k += side)
            {
                if (k % line == 0) Ahead.PrefetchLines(ahead + k, stride * sizeof(T), side);
                if (sizeof(T) == sizeof(ushort)) Square((ushort*)(from + k), stride, (ushort*)(to + k * Tile.PanelSize));
                else Square((uint*)(from + k), stride, (uint*)(to + k * Tile.PanelSize));
            }
        }
        Plain(rows + whole, stride, length - whole, Tile.PanelSize, panel + whole * Tile.PanelSize);
    }

    /// <summary>Value by value, for what fills no square: k by k, so that the panel is written from start to end and each of the rows is read likewise.</summary>
    public static void Plain<T>(T* rows, long stride, int length, int count, T* panel) where T : unmanaged
    {
        for (int k = 0; k < length; k++, rows++, panel += Tile.PanelSize)
        for (int row = 0; row < count; row++) panel[row] = rows[row * stride];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(ushort* from, long stride, ushort* to)
    {
        Vector128<ushort> r0 = Vector128.Load(from), r1 = Vector128.Load(from + stride), r2 = Vector128.Load(from + 2 * stride), r3 = Vector128.Load(from + 3 * stride);
        from += 4 * stride;
        Vector128<ushort> r4 = Vector128.Load(from), r5 = Vector128.Load(from + stride), r6 = Vector128.Load(from + 2 * stride), r7 = Vector128.Load(from + 3 * stride);
        (r0, r1, r2, r3, r4, r5, r6, r7) = (Low(r0, r4), High(r0, r4), Low(r1, r5), High(r1, r5), Low(r2, r6), High(r2, r6), Low(r3, r7), High(r3, r7));
        (r0, r1, r2, r3, r4, r5, r6, r7) = (Low(r0, r4), High(r0, r4), Low(r1, r5), High(r1, r5), Low(r2, r6), High(r2, r6), Low(r3, r7), High(r3, r7));
        (r0, r1, r2, r3, r4, r5, r6, r7) = (Low(r0, r4), High(r0, r4), Low(r1, r5), High(r1, r5), Low(r2, r6), High(r2, r6), Low(r3, r7), High(r3, r7));
        r0.Store(to);
        r1.Store(to + Tile.PanelSize);
        r2.Store(to + 2 * Tile.PanelSize);
        r3.Store(to + 3 * Tile.PanelSize);
        to += 4 * Tile.PanelSize;
        r4.Store(to);
        r5.Store(to + Tile.PanelSize);
        r6.Store(to + 2 * Tile.PanelSize);
        r7.Store(to + 3 * Tile.PanelSize);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(uint* from, long stride, uint* to)
    {
        Vector128<uint> r0 = Vector128.Load(from), r1 = Vector128.Load(from + stride), r2 = Vector128.Load(from + 2 * stride), r3 = Vector128.Load(from + 3 * stride);
        (r0, r1, r2, r3) = (Low(r0, r2), High(r0, r2), Low(r1, r3), High(r1, r3));
        (r0, r1, r2, r3) = (Low(r0, r2), High(r0, r2), Low(r1, r3), High(r1, r3));
        r0.Store(to);
        r1.Store(to + Tile.PanelSize);
        r2.Store(to + 2 * Tile.PanelSize);
        r3.Store(to + 3 * Tile.PanelSize);
    }

    // a0 b0 a1 b1 ... from the first halves of a and b; they are reached only where the processor has one of the two
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Low(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> High(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Low(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> High(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
