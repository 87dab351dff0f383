using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Packing;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>One product c = op(a) · op(b) and its smallest pieces of work; <see cref="GemmJob"/> and <see cref="DeepGemmJob"/> say in which order they are done.</summary>
/// <param name="a">[m, k], or [k, m] if transposed.</param>
/// <param name="c">[m, n].</param>
/// <param name="m">Rows of c.</param>
/// <param name="n">Columns of c.</param>
/// <param name="k">Length of the chains.</param>
/// <param name="transposeA">Whether a is stored [k, m].</param>
/// <param name="accumulate">Whether c is added to.</param>
internal readonly unsafe struct GemmProduct(float* a, float* c, int m, int n, int k, bool transposeA, bool accumulate)
{
    /// <summary>Rows whose packed values of a chunk (192 KiB) stay in the second cache; the more, the less often b is read.</summary>
    public const int RowsPerBlock = 32 * Tile.Rows;

    /// <summary>The piece of k that is packed and used before the next one: 32 columns of it (32 KiB) stay in the first cache.</summary>
    public const int ChunkSize = 256;

    /// <summary>Columns that a tile takes at once: two registers of the widest kind.</summary>
    public const int ColumnStep = 2 * Tile.PanelSize;

    /// <summary>Floats of scratch that <see cref="PackRows"/> fills at most.</summary>
    public const int PackedRowsSize = RowsPerBlock * ChunkSize;

    private const int DepthPerBlock = 32; // a stored row of a transposed a is whole lines of the cache for several tiles: use them while they are there

    public int M => m;

    public int N => n;

    public int K => k;

    /// <summary>Columns of packed b: whole pairs of panels.</summary>
    public static int PaddedColumns(int columns) => DivideUp(columns, ColumnStep) * ColumnStep;

    /// <summary>Packs rows of op(a) for <see cref="Multiply"/>: tiles of 6 rows, each [length, 6].</summary>
    public void PackRows(int row, int rowEnd, int from, int length, float* target)
    {
        long rowStep = transposeA ? 1 : k, kStep = transposeA ? m : 1;
        int block = transposeA ? DepthPerBlock : length;
        for (int depth = 0; depth < length; depth += block)
        {
            if (transposeA) Ahead.PrefetchRows(a + row + (from + depth + block) * kStep, kStep, Math.Min(block, length - depth - block), rowEnd - row);
            for (int i = row; i < rowEnd; i += Tile.Rows)
                Tile.PackRows(a + i * rowStep + (from + depth) * kStep, rowStep, kStep, Math.Min(Tile.Rows, rowEnd - i), Math.Min(block, length - depth),
                    target + (long)(i - row) * length + (long)depth * Tile.Rows);
        }
    }

    /// <summary>What <see cref="PackRows"/> reads for rows from <paramref name="row"/> on, no more of them than a block has.</summary>
    public RowsAhead NextRows(int row, int rowEnd, int from)
    {
        int rows = Math.Min(rowEnd - row, RowsPerBlock), length = Math.Min(k - from, ChunkSize);
        if (rows <= 0 || length <= 0) return default;
        return transposeA ? new(a + (long)from * m + row, m, length, rows) : new(a + (long)row * k + from, k, rows, length);
    }

    /// <summary>Continues the chains of a block of c over one chunk.</summary>
    /// <param name="row">The block's first row.</param>
    /// <param name="rowEnd">Behind its last row.</param>
    /// <param name="column">Its first column, a multiple of 32.</param>
    /// <param name="columnEnd">Behind its last column.</param>
    /// <param name="from">Where in k the chunk starts.</param>
    /// <param name="length">Its length.</param>
    /// <param name="tiles">The rows, from <see cref="PackRows"/>.</param>
    /// <param name="panels">The panel of the block's first column, at the chunk's start.</param>
    /// <param name="panelStep">Floats from panel to panel.</param>
    /// <param name="next">What will be packed after this, fetched meanwhile.</param>
    public void Multiply<TLanes>(int row, int rowEnd, int column, int columnEnd, int from, int length, float* tiles, float* panels, long panelStep,
        RowsAhead next = default)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int width = 2 * TLanes.Count;
        bool fromZero = from == 0 && !accumulate;
        int tileCount = DivideUp(rowEnd - row, Tile.Rows) * DivideUp(columnEnd - column, width);
        int linesPerTile = DivideUp(next.LineCount, tileCount);
        for (int j = column; j < columnEnd; j += width)
        {
            float* b0 = At(j - column), b1 = At(j - column + TLanes.Count);
            for (int i = row; i < rowEnd; i += Tile.Rows)
            {
                next.Fetch(linesPerTile);
                Tile.Multiply<TLanes>(tiles + (long)(i - row) * length, b0, b1, length, c + (long)i * n + j, n, fromZero,
                    Math.Min(Tile.Rows, rowEnd - i), Math.Min(width, columnEnd - j));
            }
        }

        float* At(int offset) => panels + offset / Tile.PanelSize * panelStep + offset % Tile.PanelSize;
    }

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
