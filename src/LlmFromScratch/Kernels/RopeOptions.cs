using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels;

/// <summary>How rotary positions turn a head.</summary>
/// <param name="Pairing">Which values form a pair.</param>
/// <param name="Frequencies">[R/2] F32 on the device: radians a position for each pair, usually <c>base^(-2i/R)</c>. Only the first R values of a head turn.</param>
/// <param name="Factor">Multiplies cosine and sine, and with them the turned values: 1 but for scaled RoPE (Peng et al. 2023, YaRN, section 3.4).</param>
public readonly record struct RopeOptions(RopePairing Pairing, Tensor Frequencies, float Factor = 1);
