using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Quantization;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// Panels of a block format with exact arithmetic on the dequantized weights: <c>w = fma(scale, code, offset)</c> is rounded once, as
/// <see cref="BlockCodec"/> rounds it, since d times an inner scale and scale times zero are exact in float.
/// </summary>
internal readonly unsafe struct BlockPanels<TFormat> : IPanels where TFormat : IBlockFormat
{
    public static long PanelBytes(int k) => (long)(k / TFormat.BlockSize) * BlockLayout<TFormat>.BlockBytes;

    public static void PackRow(ReadOnlySpan<byte> row, byte* panel, int column) => BlockLayout<TFormat>.PackRow(row, panel, column);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decode<TLanes>(byte* panel, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* block = panel + (long)(k / TFormat.BlockSize) * BlockLayout<TFormat>.BlockBytes;
        for (; length > 0; length -= TFormat.BlockSize, block += BlockLayout<TFormat>.BlockBytes)
        {
            byte* run = block + BlockLayout<TFormat>.HeadBytes;
            for (int r = 0; r < TFormat.BlockSize; r += BlockLayout<TFormat>.RunSize, run += BlockLayout<TFormat>.RunBytes)
            for (int half = 0; half < 2; half++, target += 16 * Tile.PanelSize)
            for (int column = 0; column < Tile.PanelSize; column += TLanes.Count)
            {
                TLanes scale = Scale<TLanes>(block, run, column, half), offset = Offset<TLanes>(block, run, column, half, scale);
                float* to = target + column;
                for (int quad = 4 * half; quad < 4 * half + 4; quad++, to += 4 * Tile.PanelSize)
                {
                    TLanes codes = BlockLayout<TFormat>.Codes<TLanes>(run + BlockLayout<TFormat>.CodesStart + 4 * column, quad);
                    TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(codes, 0), offset).Store(to);
                    TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(codes, 1), offset).Store(to + Tile.PanelSize);
                    TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(codes, 2), offset).Store(to + 2 * Tile.PanelSize);
                    TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(codes, 3), offset).Store(to + 3 * Tile.PanelSize);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* block0 = columns.Panel(0), block1 = columns.Panel(1), block2 = columns.Panel(2), block3 = columns.Panel(3);
        int column0 = columns.Column(0), column1 = columns.Column(1), column2 = columns.Column(2), column3 = columns.Column(3);
        TLanes sum0 = TLanes.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (; k > 0; k -= TFormat.BlockSize)
        {
            int at = BlockLayout<TFormat>.HeadBytes; // of the run, from the block's start
            for (int r = 0; r < TFormat.BlockSize; r += BlockLayout<TFormat>.RunSize, at += BlockLayout<TFormat>.RunBytes)
            for (int half = 0; half < 2; half++)
            {
                TLanes scale0 = Scale<TLanes>(block0, block0 + at, column0, half), offset0 = Offset<TLanes>(block0, block0 + at, column0, half, scale0);
                TLanes scale1 = Scale<TLanes>(block1, block1 + at, column1, half), offset1 = Offset<TLanes>(block1, block1 + at, column1, half, scale1);
                TLanes scale2 = Scale<TLanes>(block2, block2 + at, column2, half), offset2 = Offset<TLanes>(block2, block2 + at, column2, half, scale2);
                TLanes scale3 = Scale<TLanes>(block3, block3 + at, column3, half), offset3 = Offset<TLanes>(block3, block3 + at, column3, half, scale3);
                int codes = at + BlockLayout<TFormat>.CodesStart;
                for (int quad = 4 * half; quad < 4 * half + 4; quad++, x += 4)
                {
                    sum0 = MultiplyQuad(x, block0 + codes + 4 * column0, quad, scale0, offset0, sum0);
                    sum1 = MultiplyQuad(x, block1 + codes + 4 * column1, quad, scale1, offset1, sum1);
                    sum2 = MultiplyQuad(x, block2 + codes + 4 * column2, quad, scale2, offset2, sum2);
                    sum3 = MultiplyQuad(x, block3 + codes + 4 * column3, quad, scale3, offset3, sum3);
                }
            }
            block0 += BlockLayout<TFormat>.BlockBytes;
            block1 += BlockLayout<TFormat>.BlockBytes;
            block2 += BlockLayout<TFormat>.BlockBytes;
            block3 += BlockLayout<TFormat>.BlockBytes;
        }
        sum0.Store(y);
        sum1.Store(y + TLanes.Count);
        sum2.Store(y + 2 * TLanes.Count);
        sum3.Store(y + 3 * TLanes.Count);
    }

    // four steps of the chain of each output in a register
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes MultiplyQuad<TLanes>(float* x, byte* codes, int quad, TLanes scale, TLanes offset, TLanes sum) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes words = BlockLayout<TFormat>.Codes<TLanes>(codes, quad);
        sum = TLanes.MultiplyAdd(TLanes.Broadcast(x[0]), TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 0), offset), sum);
        sum = TLanes.MultiplyAdd(TLanes.Broadcast(x[1]), TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 1), offset), sum);
        sum = TLanes.MultiplyAdd(TLanes.Broadcast(x[2]), TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 2), offset), sum);
        return TLanes.MultiplyAdd(TLanes.Broadcast(x[3]), TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 3), offset), sum);
    }

    // d · inner scale of the outputs from a column on, for values 16·half to 16·half + 15 of a run
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Scale<TLanes>(byte* block, byte* run, int column, int half) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes d = TLanes.LoadHalves((ushort*)block + column);
        return BlockLayout<TFormat>.Groups == 0 ? d : d * TLanes.LoadSignedBytes((sbyte*)run + GroupStart(half) + column);
    }

    // what code 0 stands for
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Offset<TLanes>(byte* block, byte* run, int column, int half, TLanes scale) where TLanes : unmanaged, ILanes<TLanes>
    {
        if (!TFormat.HasMinimum) return scale * TLanes.Broadcast(-TFormat.Zero);
        TLanes m = TLanes.Broadcast(0) - TLanes.LoadHalves((ushort*)block + Tile.PanelSize + column);
        return BlockLayout<TFormat>.Groups == 0 ? m : m * TLanes.LoadSignedBytes((sbyte*)run + BlockLayout<TFormat>.ScaleBytes + GroupStart(half) + column);
    }

    private static int GroupStart(int half) => BlockLayout<TFormat>.Groups == 2 ? half * Tile.PanelSize : 0;
}
