using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>Panels of plain values: [k, 16], widened in registers. As many bytes as the 16 rows had.</summary>
internal readonly unsafe struct PlainPanels<TValue> : IPanels where TValue : unmanaged, IPlainValue
{
    private static int RowBytes => Tile.PanelSize * TValue.Bytes; // of one k

    public static long PanelBytes(int k) => (long)k * RowBytes;

    public static void Pack(ReadOnlySpan<byte> rows, int rowBytes, byte* panel)
    {
        if (rowBytes == 0) return;
        int count = rows.Length / rowBytes;
        fixed (byte* first = rows) // rows of rowBytes / Bytes values, as the caller's shape says
            if (TValue.Bytes == 2 && count == Tile.PanelSize) TransposeFours((ushort*)first, rowBytes / 2, (ushort*)panel);
            else if (TValue.Bytes == 2) Transpose((ushort*)first, rowBytes / 2, count, (ushort*)panel);
            else Transpose((uint*)first, rowBytes / 4, count, (uint*)panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decode<TLanes>(byte* panel, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* source = panel + (long)k * RowBytes;
        for (int i = 0; i < length * Tile.PanelSize; i += TLanes.Count) TValue.Load<TLanes>(source + (long)i * TValue.Bytes).Store(target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* w0 = columns.Panel(0) + columns.Column(0) * TValue.Bytes, w1 = columns.Panel(1) + columns.Column(1) * TValue.Bytes;
        byte* w2 = columns.Panel(2) + columns.Column(2) * TValue.Bytes, w3 = columns.Panel(3) + columns.Column(3) * TValue.Bytes;
        TLanes sum0 = TLanes.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (float* end = x + k; x < end; x++, w0 += RowBytes, w1 += RowBytes, w2 += RowBytes, w3 += RowBytes)
        {
            Ahead.Prefetch(w0, 1);
            Ahead.Prefetch(w1, 1);
            Ahead.Prefetch(w2, 1);
            Ahead.Prefetch(w3, 1);
            TLanes value = TLanes.Broadcast(*x);
            sum0 = TLanes.MultiplyAdd(value, TValue.Load<TLanes>(w0), sum0);
            sum1 = TLanes.MultiplyAdd(value, TValue.Load<TLanes>(w1), sum1);
            sum2 = TLanes.MultiplyAdd(value, TValue.Load<TLanes>(w2), sum2);
            sum3 = TLanes.MultiplyAdd(value, TValue.Load<TLanes>(w3), sum3);
        }
        sum0.Store(y);
        sum1.Store(y + TLanes.Count);
        sum2.Store(y + 2 * TLanes.Count);
        sum3.Store(y + 3 * TLanes.Count);
    }

    // A whole panel of 16-bit values, four rows and four k at a time: a word holds four neighbours, so eight words are moved for sixteen values.
    private static void TransposeFours(ushort* rows, int size, ushort* panel)
    {
        const ulong Even = 0x0000FFFF0000FFFF, Low = 0xFFFFFFFF;
        int whole = size & ~3;
        for (int k = 0; k < whole; k += 4, panel += 4 * Tile.PanelSize)
        for (int column = 0; column < Tile.PanelSize; column += 4)
        {
            ushort* from = rows + (long)column * size + k; // read to from + 3 size + 3: inside of the sixteen rows
            ulong a = *(ulong*)from, b = *(ulong*)(from + size), c = *(ulong*)(from + 2L * size), d = *(ulong*)(from + 3L * size);
            ulong ab02 = (a & Even) | (b & Even) << 16, ab13 = (a >> 16 & Even) | (b & ~Even);
            ulong cd02 = (c & Even) | (d & Even) << 16, cd13 = (c >> 16 & Even) | (d & ~Even);
            ushort* to = panel + column;
            *(ulong*)to = (ab02 & Low) | cd02 << 32;
            *(ulong*)(to + Tile.PanelSize) = (ab13 & Low) | cd13 << 32;
            *(ulong*)(to + 2 * Tile.PanelSize) = ab02 >> 32 | (cd02 & ~Low);
            *(ulong*)(to + 3 * Tile.PanelSize) = ab13 >> 32 | (cd13 & ~Low);
        }
        for (int k = whole; k < size; k++, panel += Tile.PanelSize)
        for (int column = 0; column < Tile.PanelSize; column++) panel[column] = rows[(long)column * size + k];
    }

    // k by k, so that the panel is written once from start to end and each of the rows is read likewise
    private static void Transpose<T>(T* rows, int size, int count, T* panel) where T : unmanaged
    {
        for (int k = 0; k < size; k++, rows++, panel += Tile.PanelSize)
        for (int column = 0; column < count; column++) panel[column] = rows[(long)column * size];
    }
}
