using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// Panels of plain values that are not packed yet: 16 rows as a file holds them. Each use packs a piece of them at a time, which stays in the cache while it
/// is decoded or multiplied as <see cref="PlainPanels{TValue}"/> are: the same chain for each output, so the same bits.
/// </summary>
internal readonly unsafe struct RowPanels<TValue> : IPanels where TValue : unmanaged, IPlainValue
{
    private const int PieceBytes = 32 << 10; // four of them stay in the second cache; shorter pieces would come back to each page of the file more often

    private static int PieceSize => PieceBytes / (Tile.PanelSize * TValue.Bytes); // of k

    [SkipLocalsInit]
    public static void Decode<TLanes>(byte* panel, int size, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* piece = stackalloc byte[PieceBytes];
        for (int end = k + length; k < end; k += PieceSize, target += PieceSize * Tile.PanelSize)
        {
            byte* rows = panel + (long)k * TValue.Bytes;
            int count = Math.Min(PieceSize, end - k);
            PlainPanels<TValue>.PackRows(rows, size, count, piece, rows + count * TValue.Bytes);
            PlainPanels<TValue>.Decode<TLanes>(piece, count, 0, count, target);
        }
    }

    [SkipLocalsInit]
    public static void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* pieces = stackalloc byte[4 * PieceBytes]; // of the panels that the four registers stand in
        byte** panels = stackalloc byte*[4];
        int panelCount = 0, from = 0;
        for (int register = 0; register < 4; register++)
            if (register == 0 || columns.Column(register) == 0) panels[panelCount++] = columns.Panel(register);
        do // at least once: k = 0 still sets y to zero
        {
            int length = Math.Min(PieceSize, k - from);
            for (int p = 0; p < panelCount; p++)
            {
                byte* next = p + 1 < panelCount ? panels[p + 1] + (long)from * TValue.Bytes
                    : from + length < k ? panels[0] + (long)(from + length) * TValue.Bytes
                    : panels[p] + PlainPanels<TValue>.PanelBytes(k); // most likely what this thread does next
                PlainPanels<TValue>.PackRows(panels[p] + (long)from * TValue.Bytes, k, length, pieces + p * PieceBytes, next);
            }
            PanelColumns packed = new(pieces, PieceBytes, panelCount, columns.Column(0), TLanes.Count);
            PlainPanels<TValue>.ContinueRow<TLanes>(x + from, packed, length, y, fromZero: from == 0);
            from += PieceSize;
        }
        while (from < k);
    }
}
