using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Quantization;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// Panels of a block format with exact arithmetic on the dequantized weights: <c>w = fma(scale, code, offset)</c> is rounded once, as
/// <see cref="BlockCodec"/> rounds it, since d times an inner scale and scale times zero are exact in float.
/// </summary>
internal readonly unsafe struct BlockPanels<TFormat> : IPackedPanels where TFormat : unmanaged, IBlockFormat
{
    public static long PanelBytes(int k) => (long)(k / BlockLayout<TFormat>.BlockSize) * BlockLayout<TFormat>.BlockBytes;

    public static void Pack(ReadOnlySpan<byte> rows, int rowBytes, byte* panel)
    {
        for (int column = 0; rows.Length > 0; column++, rows = rows[rowBytes..]) BlockLayout<TFormat>.PackRow(rows[..rowBytes], panel, column);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decode<TLanes>(byte* panel, int size, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* block = panel + (long)(k / BlockLayout<TFormat>.BlockSize) * BlockLayout<TFormat>.BlockBytes;
        for (; length > 0; length -= BlockLayout<TFormat>.BlockSize, block += BlockLayout<TFormat>.BlockBytes, target += BlockLayout<TFormat>.BlockSize * Tile.PanelSize)
        for (int column = 0; column < Tile.PanelSize; column += TLanes.Count)
        {
            TLanes d = BlockLayout<TFormat>.D<TLanes>(block, column), m = BlockLayout<TFormat>.MinusM<TLanes>(block, column);
            byte* run = block + BlockLayout<TFormat>.HeadBytes;
            float* to = target + column;
            for (int r = 0; r < BlockLayout<TFormat>.BlockSize; r += BlockLayout<TFormat>.RunSize, run += BlockLayout<TFormat>.RunBytes)
            for (int half = 0; half < 2; half++, to += 16 * Tile.PanelSize)
            {
                TLanes scale = BlockLayout<TFormat>.Scale(d, run, column, half), offset = Offset(scale, m, run, column, half);
                byte* codes = run + BlockLayout<TFormat>.CodesStart + 4 * column;
                for (int quad = 0; quad < 4; quad++)
                    StoreQuad(BlockLayout<TFormat>.Codes<TLanes>(codes, half, quad / 2, quad % 2), scale, offset, to + quad * 4 * Tile.PanelSize);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* block0 = columns.Panel(0), block1 = columns.Panel(1), block2 = columns.Panel(2), block3 = columns.Panel(3);
        int column0 = columns.Column(0), column1 = columns.Column(1), column2 = columns.Column(2), column3 = columns.Column(3);
        TLanes sum0 = TLanes.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (; k > 0; k -= BlockLayout<TFormat>.BlockSize)
        {
            TLanes d0 = BlockLayout<TFormat>.D<TLanes>(block0, column0), m0 = BlockLayout<TFormat>.MinusM<TLanes>(block0, column0);
            TLanes d1 = BlockLayout<TFormat>.D<TLanes>(block1, column1), m1 = BlockLayout<TFormat>.MinusM<TLanes>(block1, column1);
            TLanes d2 = BlockLayout<TFormat>.D<TLanes>(block2, column2), m2 = BlockLayout<TFormat>.MinusM<TLanes>(block2, column2);
            TLanes d3 = BlockLayout<TFormat>.D<TLanes>(block3, column3), m3 = BlockLayout<TFormat>.MinusM<TLanes>(block3, column3);
            int at = BlockLayout<TFormat>.HeadBytes; // of the run, from the block's start
            for (int r = 0; r < BlockLayout<TFormat>.BlockSize; r += BlockLayout<TFormat>.RunSize, at += BlockLayout<TFormat>.RunBytes)
            for (int half = 0; half < 2; half++)
            {
                TLanes scale0 = BlockLayout<TFormat>.Scale(d0, block0 + at, column0, half), offset0 = Offset(scale0, m0, block0 + at, column0, half);
                TLanes scale1 = BlockLayout<TFormat>.Scale(d1, block1 + at, column1, half), offset1 = Offset(scale1, m1, block1 + at, column1, half);
                TLanes scale2 = BlockLayout<TFormat>.Scale(d2, block2 + at, column2, half), offset2 = Offset(scale2, m2, block2 + at, column2, half);
                TLanes scale3 = BlockLayout<TFormat>.Scale(d3, block3 + at, column3, half), offset3 = Offset(scale3, m3, block3 + at, column3, half);
                byte* codes0 = block0 + at + BlockLayout<TFormat>.CodesStart + 4 * column0;
                byte* codes1 = block1 + at + BlockLayout<TFormat>.CodesStart + 4 * column1;
                byte* codes2 = block2 + at + BlockLayout<TFormat>.CodesStart + 4 * column2;
                byte* codes3 = block3 + at + BlockLayout<TFormat>.CodesStart + 4 * column3;
                Ahead.Prefetch((half == 0 ? block0 : block2) + at, BlockLayout<TFormat>.RunBytes);
                Ahead.Prefetch((half == 0 ? block1 : block3) + at, BlockLayout<TFormat>.RunBytes);
                for (int quad = 0; quad < 4; quad++, x += 4)
                {
                    sum0 = MultiplyQuad(x, BlockLayout<TFormat>.Codes<TLanes>(codes0, half, quad / 2, quad % 2), scale0, offset0, sum0);
                    sum1 = MultiplyQuad(x, BlockLayout<TFormat>.Codes<TLanes>(codes1, half, quad / 2, quad % 2), scale1, offset1, sum1);
                    sum2 = MultiplyQuad(x, BlockLayout<TFormat>.Codes<TLanes>(codes2, half, quad / 2, quad % 2), scale2, offset2, sum2);
                    sum3 = MultiplyQuad(x, BlockLayout<TFormat>.Codes<TLanes>(codes3, half, quad / 2, quad % 2), scale3, offset3, sum3);
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
    private static TLanes MultiplyQuad<TLanes>(float* x, TLanes words, TLanes scale, TLanes offset, TLanes sum) where TLanes : unmanaged, ILanes<TLanes>
    {
        sum = TLanes.MultiplyAdd(TLanes.Broadcast(x[0]), TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 0), offset), sum);
        sum = TLanes.MultiplyAdd(TLanes.Broadcast(x[1]), TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 1), offset), sum);
        sum = TLanes.MultiplyAdd(TLanes.Broadcast(x[2]), TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 2), offset), sum);
        return TLanes.MultiplyAdd(TLanes.Broadcast(x[3]), TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 3), offset), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreQuad<TLanes>(TLanes words, TLanes scale, TLanes offset, float* to) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 0), offset).Store(to);
        TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 1), offset).Store(to + Tile.PanelSize);
        TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 2), offset).Store(to + 2 * Tile.PanelSize);
        TLanes.MultiplyAdd(scale, TLanes.ByteToSingle(words, 3), offset).Store(to + 3 * Tile.PanelSize);
    }

    // what code 0 stands for
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Offset<TLanes>(TLanes scale, TLanes minusM, byte* run, int column, int half) where TLanes : unmanaged, ILanes<TLanes> =>
        BlockLayout<TFormat>.HasMinimum ? BlockLayout<TFormat>.Minimum(minusM, run, column, half) : scale * TLanes.Broadcast(-TFormat.Zero);
}
