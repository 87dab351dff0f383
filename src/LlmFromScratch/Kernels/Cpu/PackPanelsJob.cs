using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Packs op(b) [k, n] into panels [panels, k, 16] that a tile reads in one stream; columns beyond n are zeros.</summary>
internal readonly unsafe struct PackPanelsJob : ILaneJob
{
    private readonly float* _b, _packed;
    private readonly int _n, _k, _panels, _panelsPerPart;
    private readonly bool _transposed;

    public PackPanelsJob(float* b, float* packed, int n, int k, bool transposed, int threads)
    {
        _b = b;
        _packed = packed;
        (_n, _k, _transposed) = (n, k, transposed);
        _panels = GemmProduct.PaddedColumns(n) / Tile.PanelSize;
        _panelsPerPart = (_panels + threads - 1) / threads;
    }

    public int PartCount => (_panels + _panelsPerPart - 1) / _panelsPerPart;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int end = Math.Min(_panels, (part + 1) * _panelsPerPart);
        for (int panel = part * _panelsPerPart; panel < end; panel++)
        {
            float* target = _packed + (long)panel * _k * Tile.PanelSize; // [k, 16]
            int column = panel * Tile.PanelSize, columns = Math.Clamp(_n - column, 0, Tile.PanelSize);
            if (_transposed) PackColumns(_b + (long)column * _k, columns, target);
            else PackRows<TLanes>(_b + column, _n, _k, columns, target);
        }
    }

    /// <summary>Fills one panel [rows, 16] from b stored [k, n]: 16 neighbours of a row go to one row of the panel, zeros to the columns that are missing.</summary>
    public static void PackRows<TLanes>(float* source, long stride, int rows, int columns, float* target) where TLanes : unmanaged, ILanes<TLanes>
    {
        if (columns < Tile.PanelSize) new Span<float>(target, rows * Tile.PanelSize).Clear();
        for (; rows > 0; rows--, source += stride, target += Tile.PanelSize)
        {
            if (columns == Tile.PanelSize)
                for (int j = 0; j < Tile.PanelSize; j += TLanes.Count) TLanes.Load(source + j).Store(target + j);
            else
                for (int j = 0; j < columns; j++) target[j] = source[j];
        }
    }

    // b is stored [n, k]: four rows at a time become four columns of the panel, so that a cache line of the panel is met 4 times, not 16
    private void PackColumns(float* source, int columns, float* target)
    {
        if (columns < Tile.PanelSize) new Span<float>(target, _k * Tile.PanelSize).Clear();
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
