using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Packing;
using LlmFromScratch.Kernels.Quantization;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// <c>y = x · Wᵀ</c> with rounded activations: whole tiles of four rows, then the rows left over one by one. Of a weight in rows each worker packs the
/// panels of a group of outputs into memory of its own, which stays in the cache while all rows of x pass, and reads them there.
/// </summary>
internal readonly unsafe struct BlockProductJob<TFormat> : ILaneJob where TFormat : unmanaged, IBlockFormat
{
    private const int GroupPanels = OutputParts.GroupSize / Tile.PanelSize;
    private readonly byte* _weight, _packed;
    private readonly long _panelBytes, _rowBytes;
    private readonly ActivationBlock* _x;
    private readonly float* _y;
    private readonly int _panels, _rows, _in, _out;
    private readonly OutputParts _parts;

    /// <summary>x: from <see cref="QuantizeRowsJob"/>, y: [rows, out]. packed: <see cref="PackedBytes"/> a worker.</summary>
    public BlockProductJob(ActivationBlock* x, byte* weight, PanelStorage storage, float* y, int rows, byte* packed, int threads)
    {
        _x = x;
        _weight = weight;
        _packed = packed;
        _y = y;
        (_rows, _in, _out, _panels) = (rows, storage.Shape[1], storage.Shape[0], storage.PanelCount);
        _panelBytes = BlockPanels<TFormat>.PanelBytes(_in);
        _rowBytes = storage.IsInRows ? storage.PanelBytes / Tile.PanelSize : 0;
        _parts = new OutputParts(rows, _in, _out, threads);
    }

    public int PartCount => _parts.Count;

    /// <summary>The memory that a worker needs to pack in; none for a weight that is packed.</summary>
    public static long PackedBytes(PanelStorage storage) => storage.IsInRows ? GroupPanels * BlockPanels<TFormat>.PanelBytes(storage.Shape[1]) : 0;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int start = _parts.Start(part), end = _parts.Start(part + 1);
        if (_rowBytes == 0) Run<TLanes>(_weight, start, end);
        else
            for (; start < end; start += OutputParts.GroupSize)
            {
                byte* group = _packed + worker * GroupPanels * _panelBytes;
                int panel = start / Tile.PanelSize;
                for (int p = panel; p < Math.Min(panel + GroupPanels, _panels); p++)
                    BlockPanels<TFormat>.Pack(new ReadOnlySpan<byte>(_weight + p * Tile.PanelSize * _rowBytes, (int)(Tile.PanelSize * _rowBytes)), (int)_rowBytes, group + (p - panel) * _panelBytes);
                Run<TLanes>(group - panel * _panelBytes, start, Math.Min(start + OutputParts.GroupSize, end)); // where panel 0 would lie
            }
    }

    private void Run<TLanes>(byte* weight, int start, int end) where TLanes : unmanaged, ILanes<TLanes>
    {
        int perRow = _in / ActivationBlock.Count;
        int tileRows = _rows / QuantizeRowsJob.TileRows * QuantizeRowsJob.TileRows;
        if (tileRows > 0)
            for (int column = start; column < end; column += 2 * TLanes.Count) // the panel stays in the cache while all rows pass
            for (int t = 0; t < tileRows; t += QuantizeRowsJob.TileRows)
                MultiplyTile<TLanes>(weight, _x + (long)t * perRow, column, Math.Min(2 * TLanes.Count, end - column), _y + (long)t * _out + column);
        for (int t = tileRows; t < _rows; t++)
        for (int column = start; column < end; column += 4 * TLanes.Count)
            MultiplyRow<TLanes>(weight, _x + (long)t * perRow, column, Math.Min(4 * TLanes.Count, end - column), _y + (long)t * _out + column);
    }

    private void MultiplyTile<TLanes>(byte* weight, ActivationBlock* x, int column, int count, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        const int width = 2 * Tile.PanelSize; // of the widest registers
        float* whole = stackalloc float[QuantizeRowsJob.TileRows * width]; // whole registers for where y ends
        PanelColumns columns = new(weight, _panelBytes, _panels, column, TLanes.Count);
        bool fits = count == 2 * TLanes.Count;
        BlockProduct<TFormat>.MultiplyRows<TLanes>(x, columns, _in, fits ? y : whole, fits ? _out : width);
        if (fits) return;
        for (int t = 0; t < QuantizeRowsJob.TileRows; t++) new Span<float>(whole + t * width, count).CopyTo(new Span<float>(y + (long)t * _out, count));
    }

    private void MultiplyRow<TLanes>(byte* weight, ActivationBlock* x, int column, int count, float* y) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* whole = stackalloc float[OutputParts.GroupSize]; // whole registers for where y ends
        PanelColumns columns = new(weight, _panelBytes, _panels, column, TLanes.Count);
        bool fits = count == 4 * TLanes.Count;
        BlockProduct<TFormat>.MultiplyRow<TLanes>(x, columns, _in, fits ? y : whole);
        if (!fits) new Span<float>(whole, count).CopyTo(new Span<float>(y, count));
    }
}
