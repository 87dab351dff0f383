using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>How MatMul reads one kind of weight, 16 outputs together: a register holds the weights of neighbouring outputs for one k.</summary>
internal unsafe interface IPanels
{
    /// <summary>Decodes weights k to k + length of a panel to floats [length, 16]; k and length are multiples of the type's block.</summary>
    /// <param name="panel">Where the panel starts.</param>
    /// <param name="size">Values a row of the weight.</param>
    /// <param name="k">The first that is decoded of each row.</param>
    /// <param name="length">How many are.</param>
    /// <param name="target">[length, 16].</param>
    static abstract void Decode<TLanes>(byte* panel, int size, int k, int length, float* target) where TLanes : unmanaged, ILanes<TLanes>;

    /// <summary>One row of x against four registers of outputs: <c>y[j] = Σ_k x[k] · w[k, j]</c>, each one chain of fused multiply-adds, k ascending.</summary>
    /// <param name="x">[k].</param>
    /// <param name="columns">Where the weights of the four registers start.</param>
    /// <param name="k">The length of x.</param>
    /// <param name="y">[4 · Count].</param>
    static abstract void MultiplyRow<TLanes>(float* x, in PanelColumns columns, int k, float* y) where TLanes : unmanaged, ILanes<TLanes>;
}
