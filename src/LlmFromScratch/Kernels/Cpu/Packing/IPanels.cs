using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>How one kind of weight lies in panels: 16 outputs together, so that a register holds the weights of neighbouring outputs for one k.</summary>
internal unsafe interface IPanels
{
    /// <summary>The size of a panel for weights of k values a row.</summary>
    static abstract long PanelBytes(int k);

    /// <summary>Puts stored weight rows into the first columns of a panel.</summary>
    /// <param name="rows">1 to 16 rows, one after the other.</param>
    /// <param name="rowBytes">Bytes a row.</param>
    /// <param name="panel">Zeros, or the same columns from before.</param>
    static abstract void Pack(ReadOnlySpan<byte> rows, int rowBytes, byte* panel);

    /// <summary>Decodes weights k to k + length of a panel to floats [length, 16]; k and length are multiples of the type's block.</summary>
    static abstract void Decode<TLanes>(byte* panel, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>;

    /// <summary>One row of x against four registers of outputs: <c>y[j] = Σ_k x[k] · w[k, j]</c>, each one chain of fused multiply-adds, k ascending.</summary>
    /// <param name="x">[k].</param>
    /// <param name="columns">Where the weights of the four registers start.</param>
    /// <param name="k">The length of x.</param>
    /// <param name="y">[4 · Count].</param>
    static abstract void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>;
}
