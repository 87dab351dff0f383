namespace LlmFromScratch.Kernels;

/// <summary>What an attention call needs besides its tensors.</summary>
/// <param name="Scale">Factor on every score before softmax, usually <c>1 / √D</c>.</param>
/// <param name="SoftCap">c, or 0 for none: a scaled score s becomes <c>c · tanh(s / c)</c> before softmax (Gemma 2, Riviere et al. 2024, section 2).</param>
/// <param name="Window">W, or 0 for all: a row sees itself and the W - 1 positions before it (Beltagy et al. 2020, Longformer, section 3.1).</param>
public readonly record struct AttentionOptions(float Scale, float SoftCap = 0, int Window = 0)
{
    /// <summary>The first position that the row at <paramref name="position"/> sees.</summary>
    public int FirstSeen(int position) => Window == 0 ? 0 : Math.Max(0, position - Window + 1);
}
