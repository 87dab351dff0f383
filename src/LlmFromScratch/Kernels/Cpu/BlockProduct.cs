using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Packing;
using LlmFromScratch.Kernels.Quantization;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// Products of rounded activations with a block format. For every 16 values of k an output adds codes times codes in integers, exactly, then
/// <c>y = fma(sum, d · scale · x.Scale, y)</c>, and for formats with a minimum <c>y = fma(-m · minimum, x.Sum, y)</c>. The order is k's alone, so one row,
/// four rows and any width of registers give the same bits.
/// </summary>
internal static unsafe class BlockProduct<TFormat> where TFormat : unmanaged, IBlockFormat
{
    /// <summary>One row against four registers of outputs.</summary>
    /// <param name="x">[k / 16].</param>
    /// <param name="columns">Where the weights of the registers start.</param>
    /// <param name="k">Values of the row.</param>
    /// <param name="y">[4 · Count].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(ActivationBlock* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* block0 = columns.Panel(0), block1 = columns.Panel(1), block2 = columns.Panel(2), block3 = columns.Panel(3);
        int column0 = columns.Column(0), column1 = columns.Column(1), column2 = columns.Column(2), column3 = columns.Column(3);
        TLanes y0 = TLanes.Broadcast(0), y1 = y0, y2 = y0, y3 = y0;
        for (; k > 0; k -= BlockLayout<TFormat>.BlockSize)
        {
            TLanes d0 = BlockLayout<TFormat>.D<TLanes>(block0, column0), m0 = BlockLayout<TFormat>.MinusM<TLanes>(block0, column0);
            TLanes d1 = BlockLayout<TFormat>.D<TLanes>(block1, column1), m1 = BlockLayout<TFormat>.MinusM<TLanes>(block1, column1);
            TLanes d2 = BlockLayout<TFormat>.D<TLanes>(block2, column2), m2 = BlockLayout<TFormat>.MinusM<TLanes>(block2, column2);
            TLanes d3 = BlockLayout<TFormat>.D<TLanes>(block3, column3), m3 = BlockLayout<TFormat>.MinusM<TLanes>(block3, column3);
            int at = BlockLayout<TFormat>.HeadBytes; // of the run, from the block's start
            for (int r = 0; r < BlockLayout<TFormat>.BlockSize; r += BlockLayout<TFormat>.RunSize, at += BlockLayout<TFormat>.RunBytes)
            for (int half = 0; half < 2; half++, x++)
            {
                Ahead.Prefetch((half == 0 ? block0 : block3) + at, BlockLayout<TFormat>.RunBytes); // the first and the last register's panel: neighbours share one
                TLanes n0 = TLanes.BroadcastBits(x->Start), n1 = n0, n2 = n0, n3 = n0;
                byte* codes0 = block0 + at + BlockLayout<TFormat>.CodesStart + 4 * column0;
                byte* codes1 = block1 + at + BlockLayout<TFormat>.CodesStart + 4 * column1;
                byte* codes2 = block2 + at + BlockLayout<TFormat>.CodesStart + 4 * column2;
                byte* codes3 = block3 + at + BlockLayout<TFormat>.CodesStart + 4 * column3;
                for (int pair = 0; pair < 2; pair++)
                {
                    TLanes four = TLanes.BroadcastBits(((int*)x->Codes)[2 * pair]);
                    n0 = TLanes.AddProducts(n0, BlockLayout<TFormat>.Codes<TLanes>(codes0, half, pair, 0), four);
                    n1 = TLanes.AddProducts(n1, BlockLayout<TFormat>.Codes<TLanes>(codes1, half, pair, 0), four);
                    n2 = TLanes.AddProducts(n2, BlockLayout<TFormat>.Codes<TLanes>(codes2, half, pair, 0), four);
                    n3 = TLanes.AddProducts(n3, BlockLayout<TFormat>.Codes<TLanes>(codes3, half, pair, 0), four);
                    four = TLanes.BroadcastBits(((int*)x->Codes)[2 * pair + 1]);
                    n0 = TLanes.AddProducts(n0, BlockLayout<TFormat>.Codes<TLanes>(codes0, half, pair, 1), four);
                    n1 = TLanes.AddProducts(n1, BlockLayout<TFormat>.Codes<TLanes>(codes1, half, pair, 1), four);
                    n2 = TLanes.AddProducts(n2, BlockLayout<TFormat>.Codes<TLanes>(codes2, half, pair, 1), four);
                    n3 = TLanes.AddProducts(n3, BlockLayout<TFormat>.Codes<TLanes>(codes3, half, pair, 1), four);
                }
                y0 = Add(y0, n0, BlockLayout<TFormat>.Scale(d0, block0 + at, column0, half), x);
                y1 = Add(y1, n1, BlockLayout<TFormat>.Scale(d1, block1 + at, column1, half), x);
                y2 = Add(y2, n2, BlockLayout<TFormat>.Scale(d2, block2 + at, column2, half), x);
                y3 = Add(y3, n3, BlockLayout<TFormat>.Scale(d3, block3 + at, column3, half), x);
                if (!BlockLayout<TFormat>.HasMinimum) continue;
                y0 = AddMinimum(y0, BlockLayout<TFormat>.Minimum(m0, block0 + at, column0, half), x);
                y1 = AddMinimum(y1, BlockLayout<TFormat>.Minimum(m1, block1 + at, column1, half), x);
                y2 = AddMinimum(y2, BlockLayout<TFormat>.Minimum(m2, block2 + at, column2, half), x);
                y3 = AddMinimum(y3, BlockLayout<TFormat>.Minimum(m3, block3 + at, column3, half), x);
            }
            block0 += BlockLayout<TFormat>.BlockBytes;
            block1 += BlockLayout<TFormat>.BlockBytes;
            block2 += BlockLayout<TFormat>.BlockBytes;
            block3 += BlockLayout<TFormat>.BlockBytes;
        }
        y0.Store(y);
        y1.Store(y + TLanes.Count);
        y2.Store(y + 2 * TLanes.Count);
        y3.Store(y + 3 * TLanes.Count);
    }

    /// <summary>Four rows against two registers of outputs.</summary>
    /// <param name="x">[k / 16, 4].</param>
    /// <param name="columns">Where the weights of the registers start.</param>
    /// <param name="k">Values of a row.</param>
    /// <param name="y">[4, 2 · Count], rows <paramref name="stride"/> floats apart.</param>
    /// <param name="stride">Floats from row to row of y.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRows<TLanes>(ActivationBlock* x, in PanelColumns columns, int k, float* y, long stride) where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* block0 = columns.Panel(0), block1 = columns.Panel(1);
        int column0 = columns.Column(0), column1 = columns.Column(1);
        TLanes y00 = TLanes.Broadcast(0), y01 = y00, y10 = y00, y11 = y00, y20 = y00, y21 = y00, y30 = y00, y31 = y00;
        for (; k > 0; k -= BlockLayout<TFormat>.BlockSize)
        {
            TLanes d0 = BlockLayout<TFormat>.D<TLanes>(block0, column0), m0 = BlockLayout<TFormat>.MinusM<TLanes>(block0, column0);
            TLanes d1 = BlockLayout<TFormat>.D<TLanes>(block1, column1), m1 = BlockLayout<TFormat>.MinusM<TLanes>(block1, column1);
            int at = BlockLayout<TFormat>.HeadBytes; // of the run, from the block's start
            for (int r = 0; r < BlockLayout<TFormat>.BlockSize; r += BlockLayout<TFormat>.RunSize, at += BlockLayout<TFormat>.RunBytes)
            for (int half = 0; half < 2; half++, x += QuantizeRowsJob.TileRows)
            {
                TLanes n00 = TLanes.BroadcastBits(x[0].Start), n01 = n00, n10 = TLanes.BroadcastBits(x[1].Start), n11 = n10;
                TLanes n20 = TLanes.BroadcastBits(x[2].Start), n21 = n20, n30 = TLanes.BroadcastBits(x[3].Start), n31 = n30;
                byte* codes0 = block0 + at + BlockLayout<TFormat>.CodesStart + 4 * column0;
                byte* codes1 = block1 + at + BlockLayout<TFormat>.CodesStart + 4 * column1;
                for (int pair = 0; pair < 2; pair++)
                {
                    TLanes left, right, four;
                    left = BlockLayout<TFormat>.Codes<TLanes>(codes0, half, pair, 0);
                    right = BlockLayout<TFormat>.Codes<TLanes>(codes1, half, pair, 0);
                    four = TLanes.BroadcastBits(((int*)x[0].Codes)[2 * pair + 0]);
                    n00 = TLanes.AddProducts(n00, left, four);
                    n01 = TLanes.AddProducts(n01, right, four);
                    four = TLanes.BroadcastBits(((int*)x[1].Codes)[2 * pair + 0]);
                    n10 = TLanes.AddProducts(n10, left, four);
                    n11 = TLanes.AddProducts(n11, right, four);
                    four = TLanes.BroadcastBits(((int*)x[2].Codes)[2 * pair + 0]);
                    n20 = TLanes.AddProducts(n20, left, four);
                    n21 = TLanes.AddProducts(n21, right, four);
                    four = TLanes.BroadcastBits(((int*)x[3].Codes)[2 * pair + 0]);
                    n30 = TLanes.AddProducts(n30, left, four);
                    n31 = TLanes.AddProducts(n31, right, four);
                    left = BlockLayout<TFormat>.Codes<TLanes>(codes0, half, pair, 1);
                    right = BlockLayout<TFormat>.Codes<TLanes>(codes1, half, pair, 1);
                    four = TLanes.BroadcastBits(((int*)x[0].Codes)[2 * pair + 1]);
                    n00 = TLanes.AddProducts(n00, left, four);
                    n01 = TLanes.AddProducts(n01, right, four);
                    four = TLanes.BroadcastBits(((int*)x[1].Codes)[2 * pair + 1]);
                    n10 = TLanes.AddProducts(n10, left, four);
                    n11 = TLanes.AddProducts(n11, right, four);
                    four = TLanes.BroadcastBits(((int*)x[2].Codes)[2 * pair + 1]);
                    n20 = TLanes.AddProducts(n20, left, four);
                    n21 = TLanes.AddProducts(n21, right, four);
                    four = TLanes.BroadcastBits(((int*)x[3].Codes)[2 * pair + 1]);
                    n30 = TLanes.AddProducts(n30, left, four);
                    n31 = TLanes.AddProducts(n31, right, four);
                }
                TLanes scale0 = BlockLayout<TFormat>.Scale(d0, block0 + at, column0, half), scale1 = BlockLayout<TFormat>.Scale(d1, block1 + at, column1, half);
                y00 = Add(y00, n00, scale0, x + 0);
                y01 = Add(y01, n01, scale1, x + 0);
                y10 = Add(y10, n10, scale0, x + 1);
                y11 = Add(y11, n11, scale1, x + 1);
                y20 = Add(y20, n20, scale0, x + 2);
                y21 = Add(y21, n21, scale1, x + 2);
                y30 = Add(y30, n30, scale0, x + 3);
                y31 = Add(y31, n31, scale1, x + 3);
                if (!BlockLayout<TFormat>.HasMinimum) continue;
                TLanes minimum0 = BlockLayout<TFormat>.Minimum(m0, block0 + at, column0, half), minimum1 = BlockLayout<TFormat>.Minimum(m1, block1 + at, column1, half);
                y00 = AddMinimum(y00, minimum0, x + 0);
                y01 = AddMinimum(y01, minimum1, x + 0);
                y10 = AddMinimum(y10, minimum0, x + 1);
                y11 = AddMinimum(y11, minimum1, x + 1);
                y20 = AddMinimum(y20, minimum0, x + 2);
                y21 = AddMinimum(y21, minimum1, x + 2);
                y30 = AddMinimum(y30, minimum0, x + 3);
                y31 = AddMinimum(y31, minimum1, x + 3);
            }
            block0 += BlockLayout<TFormat>.BlockBytes;
            block1 += BlockLayout<TFormat>.BlockBytes;
        }
        Store(y00, y01, y);
        Store(y10, y11, y += stride);
        Store(y20, y21, y += stride);
        Store(y30, y31, y + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Add<TLanes>(TLanes y, TLanes n, TLanes scale, ActivationBlock* x) where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.MultiplyAdd(TLanes.IntsToSingle(n), scale * TLanes.Broadcast(x->Scale), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes AddMinimum<TLanes>(TLanes y, TLanes minimum, ActivationBlock* x) where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.MultiplyAdd(minimum, TLanes.Broadcast(x->Sum), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes>(TLanes left, TLanes right, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        left.Store(y);
        right.Store(y + TLanes.Count);
    }
}
