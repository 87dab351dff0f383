using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Packs op(b) [k, n] into panels [panels, k, 16] that a tile reads in one stream; columns beyond n are zeros.</summary>
internal readonly unsafe struct PackPanelsJob : ILaneJob
{
    /// <summary>Rows of a matrix that are packed at once: what they bring into the cache is used before it leaves.</summary>
    public const int RowsPerBlock = 32;

    private readonly float* _b, _packed;
    private readonly int _n, _k, _panels, _panelsPerPart;
    private readonly bool _transposed;

    public PackPanelsJob(float* b, float* packed, int n, int k, bool transposed, int threads)
    {
        _b = b;
        _packed = packed;
        (_n, _k, _transposed) = (n, k, transposed);
        _panels = GemmJob.PaddedColumns(n) / Tile.PanelSize;
        _panelsPerPart = (_panels + threads - 1) / threads;
    }

    public int PartCount => (_panels + _panelsPerPart - 1) / _panelsPerPart;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int first = part * _panelsPerPart, end = Math.Min(_panels, first + _panelsPerPart);
        for (int panel = first; panel < end; panel++)
        {
            int columns = Columns(panel);
            if (columns < Tile.PanelSize) new Span<float>(Panel(panel), _k * Tile.PanelSize).Clear();
            if (_transposed) PackColumns(_b + (long)panel * Tile.PanelSize * _k, Panel(panel), columns);
        }
        if (_transposed) return;
        // b is stored [k, n]: some rows for all panels, then the next ones, so that b is read as it lies in memory
        for (int row = 0; row < _k; row += RowsPerBlock)
            for (int panel = first; panel < end; panel++) PackRows<TLanes>(panel, row, Math.Min(_k, row + RowsPerBlock));
    }

    private int Columns(int panel) => Math.Clamp(_n - panel * Tile.PanelSize, 0, Tile.PanelSize);

    private float* Panel(int panel) => _packed + (long)panel * _k * Tile.PanelSize; // [k, 16]

    // 16 neighbours of a row go to one row of the panel
    private void PackRows<TLanes>(int panel, int row, int rowEnd) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* source = _b + (long)row * _n + panel * Tile.PanelSize, target = Panel(panel) + (long)row * Tile.PanelSize;
        int columns = Columns(panel);
        for (; row < rowEnd; row++, source += _n, target += Tile.PanelSize)
        {
            if (columns == Tile.PanelSize)
                for (int j = 0; j < Tile.PanelSize; j += TLanes.Count) TLanes.Load(source + j).Store(target + j);
            else
                for (int j = 0; j < columns; j++) target[j] = source[j];
        }
    }

    // b is stored [n, k]: four rows at a time become four columns of the panel, so that a cache line of the panel is met 4 times, not 16
    private void PackColumns(float* source, float* target, int columns)
    {
        int j = 0;
        for (; j + 4 <= columns; j += 4, source += 4L * _k)
        {
            float* row0 = source, row1 = row0 + _k, row2 = row1 + _k, row3 = row2 + _k, to = target + j;
            for (int p = 0; p < _k; p++, to += Tile.PanelSize) (to[0], to[1], to[2], to[3]) = (row0[p], row1[p], row2[p], row3[p]);
        }
        for (; j < columns; j++, source += _k)
            for (int p = 0; p < _k; p++) target[p * Tile.PanelSize + j] = source[p];
    }
}
