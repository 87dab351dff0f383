using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>Work that is compiled for each kind of panel.</summary>
internal interface IPanelVisitor
{
    /// <summary>The weights are plain values.</summary>
    void VisitPlain<TValue>() where TValue : unmanaged, IPlainValue;

    /// <summary>The weights are blocks.</summary>
    void VisitBlocks<TFormat>() where TFormat : unmanaged, IBlockFormat;
}

/// <summary>Which panels hold which weight type: the one place where a type is added.</summary>
internal static class PanelTypes
{
    /// <summary>Calls the visitor with the panels of a type.</summary>
    /// <exception cref="NotSupportedException">A type that holds no weights.</exception>
    public static void Visit<TVisitor>(DType dtype, ref TVisitor visitor) where TVisitor : struct, IPanelVisitor
    {
        switch (dtype)
        {
            case DType.F32: visitor.VisitPlain<PlainF32>(); break;
            case DType.F16: visitor.VisitPlain<PlainF16>(); break;
            case DType.BF16: visitor.VisitPlain<PlainBF16>(); break;
            case DType.Q8_0: visitor.VisitBlocks<Q8_0>(); break;
            case DType.Q4_0: visitor.VisitBlocks<Q4_0>(); break;
            case DType.Q4_1: visitor.VisitBlocks<Q4_1>(); break;
            case DType.Q5_0: visitor.VisitBlocks<Q5_0>(); break;
            case DType.Q5_1: visitor.VisitBlocks<Q5_1>(); break;
            case DType.Q2_K: visitor.VisitBlocks<Q2_K>(); break;
            case DType.Q3_K: visitor.VisitBlocks<Q3_K>(); break;
            case DType.Q4_K: visitor.VisitBlocks<Q4_K>(); break;
            case DType.Q5_K: visitor.VisitBlocks<Q5_K>(); break;
            case DType.Q6_K: visitor.VisitBlocks<Q6_K>(); break;
            case DType.IQ4_NL: visitor.VisitBlocks<IQ4_NL>(); break;
            case DType.IQ4_XS: visitor.VisitBlocks<IQ4_XS>(); break;
            default: throw new NotSupportedException($"LoadMatMulWeight: {dtype} holds no weights.");
        }
    }
}
