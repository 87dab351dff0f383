using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Packing;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// <c>y = x · Wᵀ</c> over a packed weight. One row reads the weight once, four registers of outputs at a time; more rows run tiles, and a quantized
/// panel is decoded once for all of them. Both are the same chain for each output, so rows together or one by one give the same bits.
/// </summary>
internal readonly unsafe struct MatMulJob<TPanels> : ILaneJob where TPanels : unmanaged, IPanels
{
    public const int ChunkSize = 256; // of k: two panels decoded are 32 KiB and stay in L1 while all rows pass
    public const int ScratchPerWorker = 2 * ChunkSize * Tile.PanelSize;
    private readonly byte* _weight;
    private readonly long _panelBytes;
    private readonly float* _x, _y, _scratch;
    private readonly int _panels, _rows, _in, _out;
    private readonly OutputParts _parts;

    /// <summary>x: [T, in] for one row, tiles [⌈T/6⌉, in, 6] for more. scratch: ScratchPerWorker floats a worker.</summary>
    public MatMulJob(float* x, byte* weight, PanelStorage storage, float* y, int rows, float* scratch, int threads)
    {
        _x = x;
        _weight = weight;
        _y = y;
        _scratch = scratch;
        (_rows, _in, _out, _panels, _panelBytes) = (rows, storage.Shape[1], storage.Shape[0], storage.PanelCount, storage.PanelBytes);
        _parts = new OutputParts(rows, _in, _out, threads);
    }

    public int PartCount => _parts.Count;

    public void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>
    {
        int column = _parts.Start(part), end = _parts.Start(part + 1);
        if (_rows == 1) MultiplyRow<TLanes>(column, end);
        else MultiplyTiles<TLanes>(column, end, _scratch + (long)worker * ScratchPerWorker);
    }

    private void MultiplyRow<TLanes>(int column, int end) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* last = stackalloc float[OutputParts.GroupSize]; // whole registers for where y ends
        int width = 4 * TLanes.Count;
        for (; column < end; column += width)
        {
            PanelColumns columns = new(_weight, _panelBytes, _panels, column, TLanes.Count);
            bool whole = column + width <= end;
            TPanels.MultiplyRow<TLanes>(_x, columns, _in, whole ? _y + column : last);
            if (!whole) new Span<float>(last, end - column).CopyTo(new Span<float>(_y + column, end - column));
        }
    }

    private void MultiplyTiles<TLanes>(int column, int end, float* decoded) where TLanes : unmanaged, ILanes<TLanes>
    {
        int width = 2 * TLanes.Count, panelsAtOnce = Math.Max(1, width / Tile.PanelSize);
        for (; column < end; column += panelsAtOnce * Tile.PanelSize)
        {
            int k = 0;
            do // at least once: in = 0 still sets y to zero
            {
                int length = Math.Min(ChunkSize, _in - k);
                for (int p = 0; p < panelsAtOnce; p++)
                {
                    byte* panel = _weight + Math.Min(column / Tile.PanelSize + p, _panels - 1) * _panelBytes; // beyond the last: nobody keeps it
                    TPanels.Decode<TLanes>(panel, _in, k, length, decoded + p * ChunkSize * Tile.PanelSize);
                }
                for (int j = 0; j < panelsAtOnce * Tile.PanelSize && column + j < end; j += width)
                    MultiplyRows<TLanes>(decoded, j, column + j, Math.Min(width, end - column - j), k, length);
                k += ChunkSize;
            }
            while (k < _in);
        }
    }

    // all rows against two registers of outputs: from column j of the decoded panels to column o of y
    private void MultiplyRows<TLanes>(float* decoded, int j, int o, int columns, int k, int length) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* b0 = ColumnOf(decoded, j), b1 = ColumnOf(decoded, j + TLanes.Count);
        for (int t = 0; t < _rows; t += Tile.Rows)
            Tile.Multiply<TLanes>(_x + (long)t * _in + (long)k * Tile.Rows, b0, b1, length, _y + (long)t * _out + o, _out, k == 0,
                Math.Min(Tile.Rows, _rows - t), columns);
    }

    private static float* ColumnOf(float* decoded, int j) => decoded + j / Tile.PanelSize * ChunkSize * Tile.PanelSize + j % Tile.PanelSize;
}
