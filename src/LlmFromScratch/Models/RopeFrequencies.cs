using LlmFromScratch.Numerics;

namespace LlmFromScratch.Models;

/// <summary>
/// How fast each pair of a head turns. All ways of scaling RoPE come down to these numbers and one factor (<see cref="RopeScaling.Magnitude"/>), so kernels
/// know of none of them.
/// </summary>
public static class RopeFrequencies
{
    /// <summary>Radians a position of each pair, <c>base^(-2i/R) / divisor_i</c>, scaled.</summary>
    /// <param name="rope">Base and scaling.</param>
    /// <param name="rotatedSize">R, even.</param>
    /// <param name="divisors">[R/2] from the model's file, or empty for none (Llama 3, LongRoPE).</param>
    /// <returns>[R/2].</returns>
    public static float[] Scaled(RopeConfig rope, int rotatedSize, ReadOnlySpan<float> divisors)
    {
        ArgumentNullException.ThrowIfNull(rope);
        RopeScaling scaling = rope.Scaling;
        (double low, double high) = scaling.Kind == RopeScalingKind.Yarn ? Ramp(rope, rotatedSize) : (0, 0);
        float[] frequencies = new float[rotatedSize / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double frequency = Plain(rope.Base, rotatedSize, i) / (divisors.IsEmpty ? 1 : divisors[i]);
            double kept = scaling.Kind == RopeScalingKind.Yarn ? 1 - Math.Clamp((i - low) / Math.Max(0.001, high - low), 0, 1) : 0;
            frequencies[i] = (float)(frequency * (kept + (1 - kept) / scaling.Factor));
        }
        return frequencies;
    }

    /// <summary>Radians a position of each pair without scaling: <c>base^(-2i/R)</c> (Su et al. 2021, section 3.2.2).</summary>
    /// <returns>[R/2].</returns>
    public static float[] Unscaled(float ropeBase, int rotatedSize)
    {
        float[] frequencies = new float[rotatedSize / 2];
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = (float)Plain(ropeBase, rotatedSize, i);
        return frequencies;
    }

    private static double Plain(float ropeBase, int rotatedSize, int pair) => PortableMath.Pow(ropeBase, -2.0 * pair / rotatedSize);

    // YaRN keeps the pairs below `low` and divides those above `high`: the pairs that turn beta times over the original context, solved for the pair
    // (Peng et al. 2023, section 3.2), rounded outwards.
    private static (double Low, double High) Ramp(RopeConfig rope, int rotatedSize)
    {
        return (Math.Max(0, Math.Floor(PairThatTurns(rope.Scaling.BetaFast))), Math.Min(rotatedSize - 1, Math.Ceiling(PairThatTurns(rope.Scaling.BetaSlow))));

        double PairThatTurns(float times) =>
            rotatedSize * PortableMath.Log(rope.Scaling.OriginalContextLength / (times * 2 * Math.PI)) / (2 * PortableMath.Log(rope.Base));
    }
}
