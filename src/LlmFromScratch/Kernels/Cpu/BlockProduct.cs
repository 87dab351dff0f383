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
        for (; k > 0; k -= TFormat.BlockSize)
        {
            TLanes d0 = BlockLayout<TFormat>.D<TLanes>(block0, column0), m0 = BlockLayout<TFormat>.MinusM<TLanes>(block0, column0);
            TLanes d1 = BlockLayout<TFormat>.D<TLanes>(block1, column1), m1 = BlockLayout<TFormat>.MinusM<TLanes>(block1, column1);
            TLanes d2 = BlockLayout<TFormat>.D<TLanes>(block2, column2), m2 = BlockLayout<TFormat>.MinusM<TLanes>(block2, column2);
            TLanes d3 = BlockLayout<TFormat>.D<TLanes>(block3, column3), m3 = BlockLayout<TFormat>.MinusM<TLanes>(block3, column3);
            int at = BlockLayout<TFormat>.HeadBytes; // of the run, from the block's start
            for (int r = 0; r < TFormat.BlockSize; r += BlockLayout<TFormat>.RunSize, at += BlockLayout<TFormat>.RunBytes)
            for (int half = 0; half < 2; half++, x++)
            {
                TLanes n0 = TLanes.BroadcastBits(x->Start), n1 = n0, n2 = n0, n3 = n0;
                byte* codes0 = block0 + at + BlockLayout<TFormat>.CodesStart + 4 * column0;
                byte* codes1 = block1 + at + BlockLayout<TFormat>.CodesStart + 4 * column1;
                byte* codes2 = block2 + at + BlockLayout<TFormat>.CodesStart + 4 * column2;
                byte* codes3 = block3 + at + BlockLayout<TFormat>.CodesStart + 4 * column3;
                TLanes four0 = TLanes.BroadcastBits(((int*)x->Codes)[0]);
                n0 = TLanes.AddProducts(n0, BlockLayout<TFormat>.Codes<TLanes>(codes0, half, 0), four0);
                n1 = TLanes.AddProducts(n1, BlockLayout<TFormat>.Codes<TLanes>(codes1, half, 0), four0);
                n2 = TLanes.AddProducts(n2, BlockLayout<TFormat>.Codes<TLanes>(codes2, half, 0), four0);
                n3 = TLanes.AddProducts(n3, BlockLayout<TFormat>.Codes<TLanes>(codes3, half, 0), four0);
                TLanes four1 = TLanes.BroadcastBits(((int*)x->Codes)[1]);
                n0 = TLanes.AddProducts(n0, BlockLayout<TFormat>.Codes<TLanes>(codes0, half, 1), four1);
                n1 = TLanes.AddProducts(n1, BlockLayout<TFormat>.Codes<TLanes>(codes1, half, 1), four1);
                n2 = TLanes.AddProducts(n2, BlockLayout<TFormat>.Codes<TLanes>(codes2, half, 1), four1);
                n3 = TLanes.AddProducts(n3, BlockLayout<TFormat>.Codes<TLanes>(codes3, half, 1), four1);
                TLanes four2 = TLanes.BroadcastBits(((int*)x->Codes)[2]);
                n0 = TLanes.AddProducts(n0, BlockLayout<TFormat>.Codes<TLanes>(codes0, half, 2), four2);
                n1 = TLanes.AddProducts(n1, BlockLayout<TFormat>.Codes<TLanes>(codes1, half, 2), four2);
                n2 = TLanes.AddProducts(n2, BlockLayout<TFormat>.Codes<TLanes>(codes2, half, 2), four2);
                n3 = TLanes.AddProducts(n3, BlockLayout<TFormat>.Codes<TLanes>(codes3, half, 2), four2);
                TLanes four3 = TLanes.BroadcastBits(((int*)x->Codes)[3]);
                n0 = TLanes.AddProducts(n0, BlockLayout<TFormat>.Codes<TLanes>(codes0, half, 3), four3);
                n1 = TLanes.AddProducts(n1, BlockLayout<TFormat>.Codes<TLanes>(codes1, half, 3), four3);
                n2 = TLanes.AddProducts(n2, BlockLayout<TFormat>.Codes<TLanes>(codes2, half, 3), four3);
                n3 = TLanes.AddProducts(n3, BlockLayout<TFormat>.Codes<TLanes>(codes3, half, 3), four3);
                y0 = Add(y0, n0, BlockLayout<TFormat>.Scale(d0, block0 + at, column0, half), x);
                y1 = Add(y1, n1, BlockLayout<TFormat>.Scale(d1, block1 + at, column1, half), x);
                y2 = Add(y2, n2, BlockLayout<TFormat>.Scale(d2, block2 + at, column2, half), x);
                y3 = Add(y3, n3, BlockLayout<TFormat>.Scale(d3, block3 + at, column3, half), x);
                if (!TFormat.HasMinimum) continue;
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
        for (; k > 0; k -= TFormat.BlockSize)
        {
            TLanes d0 = BlockLayout<TFormat>.D<TLanes>(block0, column0), m0 = BlockLayout<TFormat>.MinusM<TLanes>(block0, column0);
            TLanes d1 = BlockLayout<TFormat>.D<TLanes>(block1, column1), m1 = BlockLayout<TFormat>.MinusM<TLanes>(block1, column1);
            int at = BlockLayout<TFormat>.HeadBytes; // of the run, from the block's start
            for (int r = 0; r < TFormat.BlockSize; r += BlockLayout<TFormat>.RunSize, at += BlockLayout<TFormat>.RunBytes)
            for (int half = 0; half < 2; half++, x += QuantizeRowsJob.TileRows)
            {
                TLanes n00 = TLanes.BroadcastBits(x[0].Start), n01 = n00, n10 = TLanes.BroadcastBits(x[1].Start), n11 = n10;
                TLanes n20 = TLanes.BroadcastBits(x[2].Start), n21 = n20, n30 = TLanes.BroadcastBits(x[3].Start), n31 = n30;
                byte* codes0 = block0 + at + BlockLayout<TFormat>.CodesStart + 4 * column0;
                byte* codes1 = block1 + at + BlockLayout<TFormat>.CodesStart + 4 * column1;
                TLanes left0 = BlockLayout<TFormat>.Codes<TLanes>(codes0, half, 0), right0 = BlockLayout<TFormat>.Codes<TLanes>(codes1, half, 0);
                (n00, n01) = AddProducts(n00, n01, left0, right0, ((int*)x[0].Codes)[0]);
                (n10, n11) = AddProducts(n10, n11, left0, right0, ((int*)x[1].Codes)[0]);
                (n20, n21) = AddProducts(n20, n21, left0, right0, ((int*)x[2].Codes)[0]);
                (n30, n31) = AddProducts(n30, n31, left0, right0, ((int*)x[3].Codes)[0]);
                TLanes left1 = BlockLayout<TFormat>.Codes<TLanes>(codes0, half, 1), right1 = BlockLayout<TFormat>.Codes<TLanes>(codes1, half, 1);
                (n00, n01) = AddProducts(n00, n01, left1, right1, ((int*)x[0].Codes)[1]);
                (n10, n11) = AddProducts(n10, n11, left1, right1, ((int*)x[1].Codes)[1]);
                (n20, n21) = AddProducts(n20, n21, left1, right1, ((int*)x[2].Codes)[1]);
                (n30, n31) = AddProducts(n30, n31, left1, right1, ((int*)x[3].Codes)[1]);
                TLanes left2 = BlockLayout<TFormat>.Codes<TLanes>(codes0, half, 2), right2 = BlockLayout<TFormat>.Codes<TLanes>(codes1, half, 2);
                (n00, n01) = AddProducts(n00, n01, left2, right2, ((int*)x[0].Codes)[2]);
                (n10, n11) = AddProducts(n10, n11, left2, right2, ((int*)x[1].Codes)[2]);
                (n20, n21) = AddProducts(n20, n21, left2, right2, ((int*)x[2].Codes)[2]);
                (n30, n31) = AddProducts(n30, n31, left2, right2, ((int*)x[3].Codes)[2]);
                TLanes left3 = BlockLayout<TFormat>.Codes<TLanes>(codes0, half, 3), right3 = BlockLayout<TFormat>.Codes<TLanes>(codes1, half, 3);
                (n00, n01) = AddProducts(n00, n01, left3, right3, ((int*)x[0].Codes)[3]);
                (n10, n11) = AddProducts(n10, n11, left3, right3, ((int*)x[1].Codes)[3]);
                (n20, n21) = AddProducts(n20, n21, left3, right3, ((int*)x[2].Codes)[3]);
                (n30, n31) = AddProducts(n30, n31, left3, right3, ((int*)x[3].Codes)[3]);
                TLanes scale0 = BlockLayout<TFormat>.Scale(d0, block0 + at, column0, half), scale1 = BlockLayout<TFormat>.Scale(d1, block1 + at, column1, half);
                (y00, y01) = (Add(y00, n00, scale0, x + 0), Add(y01, n01, scale1, x + 0));
                (y10, y11) = (Add(y10, n10, scale0, x + 1), Add(y11, n11, scale1, x + 1));
                (y20, y21) = (Add(y20, n20, scale0, x + 2), Add(y21, n21, scale1, x + 2));
                (y30, y31) = (Add(y30, n30, scale0, x + 3), Add(y31, n31, scale1, x + 3));
                if (!TFormat.HasMinimum) continue;
                TLanes minimum0 = BlockLayout<TFormat>.Minimum(m0, block0 + at, column0, half), minimum1 = BlockLayout<TFormat>.Minimum(m1, block1 + at, column1, half);
                (y00, y01) = (AddMinimum(y00, minimum0, x + 0), AddMinimum(y01, minimum1, x + 0));
                (y10, y11) = (AddMinimum(y10, minimum0, x + 1), AddMinimum(y11, minimum1, x + 1));
                (y20, y21) = (AddMinimum(y20, minimum0, x + 2), AddMinimum(y21, minimum1, x + 2));
                (y30, y31) = (AddMinimum(y30, minimum0, x + 3), AddMinimum(y31, minimum1, x + 3));
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
    private static (TLanes Left, TLanes Right) AddProducts<TLanes>(TLanes n0, TLanes n1, TLanes left, TLanes right, int four)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes x = TLanes.BroadcastBits(four);
        return (TLanes.AddProducts(n0, left, x), TLanes.AddProducts(n1, right, x));
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
