using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>Work that is compiled for each kind of panel.</summary>
internal interface IPanelVisitor
{
    /// <summary>Does the work with one kind.</summary>
    void Visit<TPanels>() where TPanels : unmanaged, IPanels;
}

/// <summary>Which panels hold which weight type: the one place where a type is added.</summary>
internal static class PanelTypes
{
    /// <summary>Calls the visitor with the panels of a type.</summary>
    /// <exception cref="NotSupportedException">A type that holds no weights.</exception>
    public static void Visit<TVisitor>(DType dtype, ref TVisitor visitor) where TVisitor : struct, IPanelVisitor, allows ref struct
    {
        switch (dtype)
        {
            case DType.F32: visitor.Visit<PlainPanels<PlainF32>>(); break;
            case DType.F16: visitor.Visit<PlainPanels<PlainF16>>(); break;
            case DType.BF16: visitor.Visit<PlainPanels<PlainBF16>>(); break;
            case DType.Q8_0: visitor.Visit<BlockPanels<Q8_0>>(); break;
            case DType.Q4_0: visitor.Visit<BlockPanels<Q4_0>>(); break;
            case DType.Q4_1: visitor.Visit<BlockPanels<Q4_1>>(); break;
            case DType.Q5_0: visitor.Visit<BlockPanels<Q5_0>>(); break;
            case DType.Q5_1: visitor.Visit<BlockPanels<Q5_1>>(); break;
            case DType.Q2_K: visitor.Visit<BlockPanels<Q2_K>>(); break;
            case DType.Q3_K: visitor.Visit<BlockPanels<Q3_K>>(); break;
            case DType.Q4_K: visitor.Visit<BlockPanels<Q4_K>>(); break;
            case DType.Q5_K: visitor.Visit<BlockPanels<Q5_K>>(); break;
            case DType.Q6_K: visitor.Visit<BlockPanels<Q6_K>>(); break;
            case DType.IQ4_NL: visitor.Visit<BlockPanels<IQ4_NL>>(); break;
            case DType.IQ4_XS: visitor.Visit<BlockPanels<IQ4_XS>>(); break;
            default: throw new NotSupportedException($"LoadMatMulWeight: {dtype} holds no weights.");
        }
    }
}
