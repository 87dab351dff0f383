namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>Four registers of outputs in a packed weight: the panel of each and the column in it where the register starts.</summary>
internal readonly unsafe struct PanelColumns
{
    private readonly byte* _first;
    private readonly long _panelBytes;
    private readonly int _column, _count, _lastPanel;

    /// <summary>The registers that start at output <paramref name="column"/>, Count apart.</summary>
    public PanelColumns(byte* weight, long panelBytes, int panels, int column, int count)
    {
        _first = weight;
        (_panelBytes, _lastPanel, _column, _count) = (panelBytes, panels - 1, column, count);
    }

    /// <summary>The panel of a register; beyond the last output any panel will do, since nobody keeps the result.</summary>
    public byte* Panel(int register) => _first + Math.Min((_column + register * _count) / Tile.PanelSize, _lastPanel) * _panelBytes;

    /// <summary>The first column of a register in its panel.</summary>
    public int Column(int register) => (_column + register * _count) % Tile.PanelSize;
}
