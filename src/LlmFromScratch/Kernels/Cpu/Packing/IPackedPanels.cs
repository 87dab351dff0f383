namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>Panels that are made from stored rows before they are read.</summary>
internal unsafe interface IPackedPanels : IPanels
{
    /// <summary>The size of a panel for weights of k values a row.</summary>
    static abstract long PanelBytes(int k);

    /// <summary>Puts stored weight rows into the first columns of a panel.</summary>
    /// <param name="rows">1 to 16 rows, one after the other.</param>
    /// <param name="rowBytes">Bytes a row.</param>
    /// <param name="panel">Zeros, or the same columns from before.</param>
    static abstract void Pack(ReadOnlySpan<byte> rows, int rowBytes, byte* panel);
}
