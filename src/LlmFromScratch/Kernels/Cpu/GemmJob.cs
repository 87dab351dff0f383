using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// The blocks of one product c = op(a) · packed b. A part is up to 96 rows by a range of columns; it walks k in chunks of 256, packs its rows of a
/// for the chunk (96 KiB, L2), and lets 32 columns of b (32 KiB, L1) meet all of them. Chunks continue the chains in c, so they change no bit.
/// </summary>
internal readonly unsafe struct GemmJob : ILaneJob
{
    public const int RowsPerPart = 16 * Tile.Rows, ChunkSize = 256;
    private const int ColumnStep = 2 * Tile.PanelSize; // two registers of the widest kind
    private readonly float* _a, _packed, _c, _scratch;
    private readonly int _m, _n, _k, _rowParts, _columnParts, _columnsPerPart;
    private readonly bool _transposeA, _accumulate;

    /// <summary>scratch: RowsPerPart · ChunkSize floats for each worker.</summary>
    public GemmJob(float* a, float* packed, float* c, float* scratch, int m, int n, int k, bool transposeA, bool accumulate, int threads)
    {
        _a = a;
        _packed = packed;
        _c = c;
        _scratch = scratch;
        (_m, _n, _k, _transposeA, _accumulate) = (m, n, k, transposeA, accumulate);
        _rowParts = (m + RowsPerPart - 1) / RowsPerPart;
        int steps = PaddedColumns(n) / ColumnStep;
        int wanted = threads == 1 || _rowParts >= 2 * threads ? 1 : (2 * threads + _rowParts - 1) / _rowParts; // few rows: split columns too
        _columnsPerPart = (steps + wanted - 1) / wanted * ColumnStep;
        _columnParts = (n + _columnsPerPart - 1) / _columnsPerPart;
    }

    public int PartCount => _rowParts * _columnParts;

    /// <summary>Columns of packed b: whole pairs of panels.</summary>
    public static int PaddedColumns(int n) => (n + ColumnStep - 1) / ColumnStep * ColumnStep;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int row = part / _columnParts * RowsPerPart, rowEnd = Math.Min(_m, row + RowsPerPart);
        int column = part % _columnParts * _columnsPerPart, columnEnd = Math.Min(_n, column + _columnsPerPart);
        float* tiles = _scratch + (long)worker * RowsPerPart * ChunkSize; // [tiles, chunk, 6]
        int k = 0;
        do // at least once: k = 0 still sets c to zero
        {
            int length = Math.Min(ChunkSize, _k - k);
            PackRows(row, rowEnd, k, length, tiles);
            MultiplyChunk<TLanes>(row, rowEnd, column, columnEnd, k, length, tiles);
            k += ChunkSize;
        }
        while (k < _k);
    }

    private void MultiplyChunk<TLanes>(int row, int rowEnd, int column, int columnEnd, int k, int length, float* tiles)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int width = 2 * TLanes.Count;
        bool fromZero = k == 0 && !_accumulate;
        float* edge = stackalloc float[Tile.Rows * ColumnStep]; // a whole block for where c ends
        for (int j = column; j < columnEnd; j += width)
        {
            float* b0 = PanelAt(j, k), b1 = PanelAt(j + TLanes.Count, k);
            for (int i = row; i < rowEnd; i += Tile.Rows)
            {
                float* tile = tiles + (long)(i - row) * length, c = _c + (long)i * _n + j;
                int rows = Math.Min(Tile.Rows, rowEnd - i), columns = Math.Min(width, columnEnd - j);
                if (rows == Tile.Rows && columns == width)
                {
                    Tile.Multiply<TLanes>(tile, b0, b1, length, c, _n, fromZero);
                    continue;
                }
                CopyBlock(c, _n, edge, width, rows, columns);
                Tile.Multiply<TLanes>(tile, b0, b1, length, edge, width, fromZero);
                CopyBlock(edge, width, c, _n, rows, columns);
            }
        }
    }

    private float* PanelAt(int column, int k) =>
        _packed + ((long)(column / Tile.PanelSize) * _k + k) * Tile.PanelSize + column % Tile.PanelSize;

    private static void CopyBlock(float* from, int fromStride, float* to, int toStride, int rows, int columns)
    {
        for (int i = 0; i < rows; i++, from += fromStride, to += toStride)
            for (int j = 0; j < columns; j++) to[j] = from[j];
    }

    // [rows, length] of op(a) -> [tiles, length, 6]; rows of the last tile beyond the end are zeros
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackRows(int row, int rowEnd, int k, int length, float* target)
    {
        for (; row < rowEnd; row += Tile.Rows, target += (long)Tile.Rows * length)
        {
            int rows = Math.Min(Tile.Rows, rowEnd - row);
            long rowStep = _transposeA ? 1 : _k, kStep = _transposeA ? _m : 1;
            float* source = _a + row * rowStep + k * kStep, to = target;
            if (rows == Tile.Rows)
                for (int p = 0; p < length; p++, source += kStep, to += Tile.Rows)
                {
                    (to[0], to[1], to[2]) = (source[0], source[rowStep], source[2 * rowStep]);
                    (to[3], to[4], to[5]) = (source[3 * rowStep], source[4 * rowStep], source[5 * rowStep]);
                }
            else
                for (int p = 0; p < length; p++, source += kStep, to += Tile.Rows)
                    for (int i = 0; i < Tile.Rows; i++) to[i] = i < rows ? source[i * rowStep] : 0;
        }
    }
}
