using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels;

/// <summary>How rotary positions turn a head.</summary>
/// <param name="Pairing">Which values form a pair.</param>
/// <param name="Frequencies">[D/2] F32 on the device: radians a position for each pair, usually <c>base^(-2i/D)</c>.</param>
public readonly record struct RopeOptions(RopePairing Pairing, Tensor Frequencies);
