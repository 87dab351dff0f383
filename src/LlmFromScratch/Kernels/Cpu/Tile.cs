using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// The heart of every large product: a block of <see cref="Rows"/> rows by two registers of columns is kept in registers while k runs. Each of its outputs
/// is one chain <c>c = fma(a_k, b_k, c)</c>, k ascending, whatever the width of a register.
/// </summary>
internal static unsafe class Tile
{
    public const int Rows = 6; // times 2 columns: 12 chains hide the latency of 4 cycles of two units, and fit the 16 registers of AVX2

    /// <summary>Columns of a panel: packed matrices keep 16 columns together, k-major.</summary>
    public const int PanelSize = 16;

    /// <summary>Continues the chains of one block: <c>c[r, j] += Σ_k a[k, r] · b[k, j]</c>.</summary>
    /// <param name="a">[k, 6] from <see cref="PackRows"/>.</param>
    /// <param name="b0">The first register of columns: Count floats at every 16th float, k times.</param>
    /// <param name="b1">The second register of columns, likewise.</param>
    /// <param name="k">Length of the chains, at least 0.</param>
    /// <param name="c">[rows, columns], rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">Floats from row to row of c.</param>
    /// <param name="fromZero">Starts new chains instead; c may hold anything.</param>
    /// <param name="rows">Rows of c that exist, 1 to 6.</param>
    /// <param name="columns">Columns of c that exist, 1 to 2 · Count.</param>
    public static void Multiply<TLanes>(float* a, float* b0, float* b1, int k, float* c, long stride, bool fromZero, int rows, int columns)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int width = 2 * TLanes.Count;
        if (rows == Rows && columns == width)
        {
            MultiplyWhole<TLanes>(a, b0, b1, k, c, stride, fromZero);
            return;
        }
        float* block = stackalloc float[Rows * 2 * PanelSize]; // c ends inside the block: work on a whole one, copy what exists
        if (!fromZero) Copy(c, stride, block, width, rows, columns);
        MultiplyWhole<TLanes>(a, b0, b1, k, block, width, fromZero);
        Copy(block, width, c, stride, rows, columns);
    }

    /// <summary>Packs up to 6 rows k-major, [rows, k] -> [k, 6], as <see cref="Multiply"/> reads them; missing rows are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRows(float* source, long rowStep, long kStep, int rows, int k, float* target)
    {
        if (rows == Rows && rowStep == 1)
            for (; k > 0; k--, source += kStep, target += Rows)
            {
                ulong* from = (ulong*)source, to = (ulong*)target; // two floats at a time
                (to[0], to[1], to[2]) = (from[0], from[1], from[2]);
            }
        else if (rows == Rows)
            for (; k > 0; k--, source += kStep, target += Rows)
            {
                (target[0], target[1], target[2]) = (source[0], source[rowStep], source[2 * rowStep]);
                (target[3], target[4], target[5]) = (source[3 * rowStep], source[4 * rowStep], source[5 * rowStep]);
            }
        else
            for (; k > 0; k--, source += kStep, target += Rows)
                for (int i = 0; i < Rows; i++) target[i] = i < rows ? source[i * rowStep] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyWhole<TLanes>(float* a, float* b0, float* b1, int k, float* c, long stride, bool fromZero)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes c00 = TLanes.Broadcast(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
        TLanes c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
        int second = TLanes.Count;
        if (!fromZero)
        {
            float* row = c;
            (c00, c01) = (TLanes.Load(row), TLanes.Load(row + second));
            row += stride;
            (c10, c11) = (TLanes.Load(row), TLanes.Load(row + second));
            row += stride;
            (c20, c21) = (TLanes.Load(row), TLanes.Load(row + second));
            row += stride;
            (c30, c31) = (TLanes.Load(row), TLanes.Load(row + second));
            row += stride;
            (c40, c41) = (TLanes.Load(row), TLanes.Load(row + second));
            row += stride;
            (c50, c51) = (TLanes.Load(row), TLanes.Load(row + second));
        }
        for (; k > 0; k--, a += Rows, b0 += PanelSize, b1 += PanelSize)
        {
            TLanes left = TLanes.Load(b0), right = TLanes.Load(b1);
            TLanes value = TLanes.Broadcast(a[0]);
            (c00, c01) = (TLanes.MultiplyAdd(value, left, c00), TLanes.MultiplyAdd(value, right, c01));
            value = TLanes.Broadcast(a[1]);
            (c10, c11) = (TLanes.MultiplyAdd(value, left, c10), TLanes.MultiplyAdd(value, right, c11));
            value = TLanes.Broadcast(a[2]);
            (c20, c21) = (TLanes.MultiplyAdd(value, left, c20), TLanes.MultiplyAdd(value, right, c21));
            value = TLanes.Broadcast(a[3]);
            (c30, c31) = (TLanes.MultiplyAdd(value, left, c30), TLanes.MultiplyAdd(value, right, c31));
            value = TLanes.Broadcast(a[4]);
            (c40, c41) = (TLanes.MultiplyAdd(value, left, c40), TLanes.MultiplyAdd(value, right, c41));
            value = TLanes.Broadcast(a[5]);
            (c50, c51) = (TLanes.MultiplyAdd(value, left, c50), TLanes.MultiplyAdd(value, right, c51));
        }
        Store2(c00, c01, c);
        Store2(c10, c11, c += stride);
        Store2(c20, c21, c += stride);
        Store2(c30, c31, c += stride);
        Store2(c40, c41, c += stride);
        Store2(c50, c51, c + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store2<TLanes>(TLanes left, TLanes right, float* c) where TLanes : unmanaged, ILanes<TLanes>
    {
        left.Store(c);
        right.Store(c + TLanes.Count);
    }

    private static void Copy(float* from, long fromStride, float* to, long toStride, int rows, int columns)
    {
        for (int i = 0; i < rows; i++, from += fromStride, to += toStride)
            for (int j = 0; j < columns; j++) to[j] = from[j];
    }
}
