using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Packing;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// A product whose k is much longer than c is wide, as the gradient to a weight, where k is all tokens of a batch. To pack b as a whole would be to write it to
/// memory and to read it again for every 192 rows; here a part is a range of rows by some hundred columns, and packs each chunk of b where it uses it (at most
/// 512 KiB, second cache). The chains are those of <see cref="GemmJob"/>: the same bits.
/// </summary>
internal readonly unsafe struct DeepGemmJob : ILaneJob
{
    /// <summary>Floats of scratch that each worker needs.</summary>
    public const int ScratchSize = GemmProduct.PackedRowsSize + MostColumns * GemmProduct.ChunkSize;

    private const int RowsAtOnce = 16; // of b: packed while as many are asked for
    private const int LeastRows = 96; // of c: with fewer, b is packed for too little work
    private const int MostColumns = 512; // of a part; with fewer, a is packed once more for each further part
    private readonly GemmProduct _product;
    private readonly float* _b, _scratch;
    private readonly int _rowParts, _rowsPerPart, _columnParts, _columnsPerPart;

    /// <summary>b is stored [k, n]; scratch: <see cref="ScratchSize"/> floats for each worker.</summary>
    public DeepGemmJob(GemmProduct product, float* b, float* scratch, int threads)
    {
        _product = product;
        _b = b;
        _scratch = scratch;
        int wanted = (product.N + MostColumns - 1) / MostColumns;
        _columnsPerPart = GemmProduct.PaddedColumns((product.N + wanted - 1) / wanted);
        _columnParts = (product.N + _columnsPerPart - 1) / _columnsPerPart;
        int rowParts = _columnParts % threads == 0 ? 1 : threads; // as many parts for each thread
        _rowsPerPart = ((product.M + rowParts - 1) / rowParts + Tile.Rows - 1) / Tile.Rows * Tile.Rows;
        _rowParts = (product.M + _rowsPerPart - 1) / _rowsPerPart;
    }

    public int PartCount => _rowParts * _columnParts;

    /// <summary>Whether this is the faster way: k is long, and c large enough to be worth the packing.</summary>
    public static bool Suits(int m, int n, int k, bool transposeB) =>
        !transposeB && k >= Math.Max(m, 4 * GemmProduct.ChunkSize) && m >= LeastRows && n >= GemmProduct.ColumnStep;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int firstRow = part / _columnParts * _rowsPerPart, lastRow = Math.Min(_product.M, firstRow + _rowsPerPart);
        int column = part % _columnParts * _columnsPerPart, columnEnd = Math.Min(_product.N, column + _columnsPerPart);
        float* tiles = _scratch + (long)worker * ScratchSize, panels = tiles + GemmProduct.PackedRowsSize;
        for (int k = 0; k < _product.K; k += GemmProduct.ChunkSize)
        {
            int length = Math.Min(GemmProduct.ChunkSize, _product.K - k);
            long panelStep = (long)length * Tile.PanelSize;
            PackChunk<TLanes>(k, length, column, columnEnd, panels);
            for (int row = firstRow; row < lastRow; row += GemmProduct.RowsPerBlock)
            {
                int rowEnd = Math.Min(lastRow, row + GemmProduct.RowsPerBlock);
                _product.PackRows(row, rowEnd, k, length, tiles);
                RowsAhead next = rowEnd < lastRow ? _product.NextRows(rowEnd, lastRow, k) : _product.NextRows(firstRow, lastRow, k + length);
                _product.Multiply<TLanes>(row, rowEnd, column, columnEnd, k, length, tiles, panels, panelStep, next);
            }
        }
    }

    private void PackChunk<TLanes>(int k, int length, int column, int columnEnd, float* panels) where TLanes : unmanaged, ILanes<TLanes>
    {
        int end = column + GemmProduct.PaddedColumns(columnEnd - column);
        float* b = _b + (long)k * _product.N;
        Ahead.PrefetchRows(b + column, _product.N, Math.Min(length, RowsAtOnce), columnEnd - column);
        for (int row = 0; row < length; row += RowsAtOnce) // b is read as it lies in memory, some rows ahead
        {
            int rows = Math.Min(length - row, RowsAtOnce);
            float* source = b + (long)row * _product.N, ahead = source + (long)rows * _product.N;
            Ahead.PrefetchRows(ahead + column, _product.N, Math.Min(length - row - rows, RowsAtOnce), columnEnd - column);
            for (int j = column; j < end; j += Tile.PanelSize)
                PackPanelsJob.PackRows<TLanes>(source + j, _product.N, rows, Math.Clamp(columnEnd - j, 0, Tile.PanelSize),
                    panels + (long)(j - column) * length + (long)row * Tile.PanelSize);
        }
    }
}
