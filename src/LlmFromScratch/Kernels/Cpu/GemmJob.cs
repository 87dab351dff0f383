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
        for (int j = column; j < columnEnd; j += width)
        {
            float* b0 = PanelAt(j, k), b1 = PanelAt(j + TLanes.Count, k);
            for (int i = row; i < rowEnd; i += Tile.Rows)
                Tile.Multiply<TLanes>(tiles + (long)(i - row) * length, b0, b1, length, _c + (long)i * _n + j, _n, fromZero,
                    Math.Min(Tile.Rows, rowEnd - i), Math.Min(width, columnEnd - j));
        }
    }

    private float* PanelAt(int column, int k) =>
        _packed + ((long)(column / Tile.PanelSize) * _k + k) * Tile.PanelSize + column % Tile.PanelSize;

    private void PackRows(int row, int rowEnd, int k, int length, float* target)
    {
        long rowStep = _transposeA ? 1 : _k, kStep = _transposeA ? _m : 1;
        int block = _transposeA ? PackPanelsJob.RowsPerBlock : length; // a stored row is whole lines of the cache for several tiles: use them while they are there
        for (int from = 0; from < length; from += block)
            for (int i = row; i < rowEnd; i += Tile.Rows)
                Tile.PackRows(_a + i * rowStep + (k + from) * kStep, rowStep, kStep, Math.Min(Tile.Rows, rowEnd - i), Math.Min(block, length - from),
                    target + (long)(i - row) * length + (long)from * Tile.Rows);
    }
}
