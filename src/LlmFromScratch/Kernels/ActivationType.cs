namespace LlmFromScratch.Kernels;

/// <summary>In what form the CPU multiplies activations with quantized weights.</summary>
public enum ActivationType
{
    /// <summary>As they are: exact arithmetic on the dequantized weights, up to float rounding.</summary>
    F32,

    /// <summary>
    /// Rounded to 8 bits, 16 values a scale, and multiplied in integers: faster, and closer to <see cref="F32"/> than llama.cpp, which rounds 32 or 256
    /// values with one scale. Weights in F32, F16 and BF16 are multiplied as with <see cref="F32"/>.
    /// </summary>
    Q8,
}
