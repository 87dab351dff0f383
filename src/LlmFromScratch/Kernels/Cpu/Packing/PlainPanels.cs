using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>Panels of plain values: [k, 16], widened in registers. As many bytes as the 16 rows had.</summary>
internal readonly unsafe struct PlainPanels<TValue> : IPackedPanels where TValue : unmanaged, IPlainValue
{
    private static int RowBytes => Tile.PanelSize * TValue.Bytes; // of one k

    public static long PanelBytes(int k) => (long)k * RowBytes;

    public static void Pack(ReadOnlySpan<byte> rows, int rowBytes, byte* panel)
    {
        if (rowBytes == 0) return;
        int count = rows.Length / rowBytes, size = rowBytes / TValue.Bytes;
        fixed (byte* first = rows) // rows of as many values, as the caller's shape says
            if (count == Tile.PanelSize) PackRows(first, size, size, panel, first + rows.Length);
            else if (TValue.Bytes == 2) RowTransposition.Plain((ushort*)first, size, size, count, (ushort*)panel);
            else RowTransposition.Plain((uint*)first, size, size, count, (uint*)panel);
    }

    /// <summary>Packs some neighbouring values of 16 whole rows.</summary>
    /// <param name="rows">Where they begin in the first row.</param>
    /// <param name="size">Values a row.</param>
    /// <param name="length">Values that are taken of each row.</param>
    /// <param name="panel">[length, 16].</param>
    /// <param name="next">Where the values begin that will be packed next: they are fetched meanwhile.</param>
    public static void PackRows(byte* rows, int size, int length, byte* panel, byte* next)
    {
        if (TValue.Bytes == 2) RowTransposition.Sixteen((ushort*)rows, size, length, (ushort*)panel, (ushort*)next);
        else RowTransposition.Sixteen((uint*)rows, size, length, (uint*)panel, (uint*)next);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decode<TLanes>(byte* panel, int size, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* source = panel + (long)k * RowBytes;
        for (int i = 0; i < length * Tile.PanelSize; i += TLanes.Count) TValue.Load<TLanes>(source + (long)i * TValue.Bytes).Store(target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes> =>
        Sum<TLanes>(x, columns, k, y, fromZero: true, isInCache: false);

    /// <summary>The same for a part of the chains: goes on from y unless it starts <paramref name="fromZero"/>. The panels are in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ContinueRow<TLanes>(float* x, in PanelColumns columns, int k, float* y, bool fromZero) where TLanes : unmanaged, ILanes<TLanes> =>
        Sum<TLanes>(x, columns, k, y, fromZero, isInCache: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum<TLanes>(float* x, in PanelColumns columns, int k, float* y, bool fromZero, bool isInCache) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* w0 = columns.Panel(0) + columns.Column(0) * TValue.Bytes, w1 = columns.Panel(1) + columns.Column(1) * TValue.Bytes;
        byte* w2 = columns.Panel(2) + columns.Column(2) * TValue.Bytes, w3 = columns.Panel(3) + columns.Column(3) * TValue.Bytes;
        TLanes sum0 = TLanes.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        if (!fromZero)
            (sum0, sum1, sum2, sum3) = (TLanes.Load(y), TLanes.Load(y + TLanes.Count), TLanes.Load(y + 2 * TLanes.Count), TLanes.Load(y + 3 * TLanes.Count));
        for (float* end = x + k; x < end; x++, w0 += RowBytes, w1 += RowBytes, w2 += RowBytes, w3 += RowBytes)
        {
            if (!isInCache)
            {
                Ahead.Prefetch(w0, 1);
                Ahead.Prefetch(w1, 1);
                Ahead.Prefetch(w2, 1);
                Ahead.Prefetch(w3, 1);
            }
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
}
