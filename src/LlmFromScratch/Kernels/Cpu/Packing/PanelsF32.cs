using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>F32 panels: [k, 16] floats.</summary>
internal readonly unsafe struct PanelsF32 : IPanels
{
    public static void PackRow(ReadOnlySpan<byte> row, byte* panel, int column)
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(row);
        for (int k = 0; k < values.Length; k++) ((float*)panel)[k * Tile.PanelSize + column] = values[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decode<TLanes>(byte* panel, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* source = (float*)panel + (long)k * Tile.PanelSize;
        for (int i = 0; i < length * Tile.PanelSize; i += TLanes.Count) TLanes.Load(source + i).Store(target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* w0 = (float*)columns.Panel(0) + columns.Column(0), w1 = (float*)columns.Panel(1) + columns.Column(1);
        float* w2 = (float*)columns.Panel(2) + columns.Column(2), w3 = (float*)columns.Panel(3) + columns.Column(3);
        TLanes sum0 = TLanes.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (float* end = x + k; x < end; x++, w0 += Tile.PanelSize, w1 += Tile.PanelSize, w2 += Tile.PanelSize, w3 += Tile.PanelSize)
        {
            TLanes value = TLanes.Broadcast(*x);
            sum0 = TLanes.MultiplyAdd(value, TLanes.Load(w0), sum0);
            sum1 = TLanes.MultiplyAdd(value, TLanes.Load(w1), sum1);
            sum2 = TLanes.MultiplyAdd(value, TLanes.Load(w2), sum2);
            sum3 = TLanes.MultiplyAdd(value, TLanes.Load(w3), sum3);
        }
        sum0.Store(y);
        sum1.Store(y + TLanes.Count);
        sum2.Store(y + 2 * TLanes.Count);
        sum3.Store(y + 3 * TLanes.Count);
    }
}
