using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Quantization;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// Q8_0 panels: for each 32 values of k, 16 binary16 scales, then [32, 16] signed bytes: 544 bytes. <c>w = d · q</c> is exact in float, so products
/// are those of the dequantized weights.
/// </summary>
internal readonly unsafe struct PanelsQ8_0 : IPanels
{
    private const int ScaleBytes = 2 * Tile.PanelSize;
    private const int BlockBytes = ScaleBytes + Q8_0.BlockSize * Tile.PanelSize;

    public static void PackRow(ReadOnlySpan<byte> row, byte* panel, int column)
    {
        for (; row.Length > 0; row = row[Q8_0.BlockBytes..], panel += BlockBytes)
        {
            ((ushort*)panel)[column] = BinaryPrimitives.ReadUInt16LittleEndian(row);
            for (int k = 0; k < Q8_0.BlockSize; k++) panel[ScaleBytes + k * Tile.PanelSize + column] = row[2 + k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decode<TLanes>(byte* panel, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* block = panel + (long)(k / Q8_0.BlockSize) * BlockBytes;
        for (int blocks = length / Q8_0.BlockSize; blocks > 0; blocks--, block += BlockBytes, target += Q8_0.BlockSize * Tile.PanelSize)
        for (int column = 0; column < Tile.PanelSize; column += TLanes.Count)
        {
            TLanes scale = TLanes.LoadHalves((ushort*)block + column);
            sbyte* q = (sbyte*)block + ScaleBytes;
            for (int i = column; i < Q8_0.BlockSize * Tile.PanelSize; i += Tile.PanelSize) (scale * TLanes.LoadSignedBytes(q + i)).Store(target + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* block0 = columns.Panel(0), block1 = columns.Panel(1), block2 = columns.Panel(2), block3 = columns.Panel(3);
        int column0 = columns.Column(0), column1 = columns.Column(1), column2 = columns.Column(2), column3 = columns.Column(3);
        TLanes sum0 = TLanes.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (; k > 0; k -= Q8_0.BlockSize)
        {
            TLanes scale0 = TLanes.LoadHalves((ushort*)block0 + column0), scale1 = TLanes.LoadHalves((ushort*)block1 + column1);
            TLanes scale2 = TLanes.LoadHalves((ushort*)block2 + column2), scale3 = TLanes.LoadHalves((ushort*)block3 + column3);
            sbyte* q0 = (sbyte*)block0 + ScaleBytes + column0, q1 = (sbyte*)block1 + ScaleBytes + column1;
            sbyte* q2 = (sbyte*)block2 + ScaleBytes + column2, q3 = (sbyte*)block3 + ScaleBytes + column3;
            for (int i = 0; i < Q8_0.BlockSize * Tile.PanelSize; i += Tile.PanelSize, x++)
            {
                TLanes value = TLanes.Broadcast(*x);
                sum0 = TLanes.MultiplyAdd(value, scale0 * TLanes.LoadSignedBytes(q0 + i), sum0);
                sum1 = TLanes.MultiplyAdd(value, scale1 * TLanes.LoadSignedBytes(q1 + i), sum1);
                sum2 = TLanes.MultiplyAdd(value, scale2 * TLanes.LoadSignedBytes(q2 + i), sum2);
                sum3 = TLanes.MultiplyAdd(value, scale3 * TLanes.LoadSignedBytes(q3 + i), sum3);
            }
            block0 += BlockBytes;
            block1 += BlockBytes;
            block2 += BlockBytes;
            block3 += BlockBytes;
        }
        sum0.Store(y);
        sum1.Store(y + TLanes.Count);
        sum2.Store(y + 2 * TLanes.Count);
        sum3.Store(y + 3 * TLanes.Count);
    }
}
