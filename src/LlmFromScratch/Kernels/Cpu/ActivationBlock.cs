using System.Runtime.InteropServices;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// 16 activations rounded to 8 bits: <c>x ≈ Scale · code</c> with <c>Scale = max|x| / 127</c>. llama.cpp shares a scale among 32 values, or 256 with K
/// formats; 16 cost little more and come closer to the exact result. The rest is what every product with these 16 needs, worked out once.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct ActivationBlock
{
    /// <summary>Values a block.</summary>
    public const int Count = 16;

    /// <summary>The codes, -127 to 127.</summary>
    public fixed sbyte Codes[Count];

    public float Scale;

    /// <summary>The sum of the rounded values, <c>Scale · Σ code</c>: what a weight format's minimum is multiplied by.</summary>
    public float Sum;

    /// <summary><c>-zero · Σ code</c>: where the integer sum starts, so that codes of weights need not have their zero taken away.</summary>
    public int Start;
}
