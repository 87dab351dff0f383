using LlmFromScratch.Kernels;

namespace LlmFromScratch.Training.Autograd;

/// <summary>How <see cref="Tape.Rope"/> turns heads.</summary>
/// <param name="HeadSize">D, even.</param>
/// <param name="TokenCount">T: rows of each sequence; row n stands at position n mod T.</param>
/// <param name="RopeBase">Pair i turns <c>base^(-2i/D)</c> radians a position.</param>
/// <param name="Pairing">Which values of a head form a pair.</param>
/// <param name="FirstPosition">The position of each sequence's first row.</param>
public readonly record struct RopeSettings(int HeadSize, int TokenCount, float RopeBase = 10_000,
    RopePairing Pairing = RopePairing.Interleaved, int FirstPosition = 0);
