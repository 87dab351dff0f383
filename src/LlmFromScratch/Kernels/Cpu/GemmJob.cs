using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// A product whose b was packed as a whole. A part is up to 192 rows by a range of columns; it walks k in chunks of 256, packs its rows of a for the chunk,
/// and lets 32 columns of b at a time meet all of them. Chunks continue the chains in c, so they change no bit.
/// </summary>
internal readonly unsafe struct GemmJob : ILaneJob
{
    private readonly GemmProduct _product;
    private readonly float* _packed, _scratch;
    private readonly int _rowParts, _columnParts, _columnsPerPart;

    /// <summary>packed: from <see cref="PackPanelsJob"/>; scratch: <see cref="GemmProduct.PackedRowsSize"/> floats for each worker.</summary>
    public GemmJob(GemmProduct product, float* packed, float* scratch, int threads)
    {
        _product = product;
        _packed = packed;
        _scratch = scratch;
        _rowParts = (product.M + GemmProduct.RowsPerBlock - 1) / GemmProduct.RowsPerBlock;
        int steps = GemmProduct.PaddedColumns(product.N) / GemmProduct.ColumnStep;
        int wanted = threads == 1 || _rowParts >= 2 * threads ? 1 : (2 * threads + _rowParts - 1) / _rowParts; // few rows: split columns too
        _columnsPerPart = (steps + wanted - 1) / wanted * GemmProduct.ColumnStep;
        _columnParts = (product.N + _columnsPerPart - 1) / _columnsPerPart;
    }

    public int PartCount => _rowParts * _columnParts;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int row = part / _columnParts * GemmProduct.RowsPerBlock, rowEnd = Math.Min(_product.M, row + GemmProduct.RowsPerBlock);
        int column = part % _columnParts * _columnsPerPart, columnEnd = Math.Min(_product.N, column + _columnsPerPart);
        float* tiles = _scratch + (long)worker * GemmProduct.PackedRowsSize;
        long panelStep = (long)_product.K * Tile.PanelSize;
        int k = 0;
        do // at least once: k = 0 still sets c to zero
        {
            int length = Math.Min(GemmProduct.ChunkSize, _product.K - k);
            _product.PackRows(row, rowEnd, k, length, tiles);
            _product.Multiply<TLanes>(row, rowEnd, column, columnEnd, k, length, tiles,
                _packed + column / Tile.PanelSize * panelStep + (long)k * Tile.PanelSize, panelStep);
            k += GemmProduct.ChunkSize;
        }
        while (k < _product.K);
    }
}
