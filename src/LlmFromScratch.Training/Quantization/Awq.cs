using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Quantization;

/// <summary>
/// Activation-aware weight quantization (Lin et al. 2023): the columns that meet large inputs are stretched before rounding, so that they lose less, and the inputs are
/// shrunk as much: <c>W x = (W · diag(s)) (x / s)</c>. The stretch is <c>s = |x|^α</c>, with the α that loses least.
/// </summary>
public static class Awq
{
    private const int Candidates = 20; // values of α from 0, which is rounding to nearest, below 1

    /// <summary>The best stretch for layers that read the same inputs.</summary>
    /// <param name="type">Q4_0 or Q4_1.</param>
    /// <param name="layers">Weights [out, in] of each layer; in is the same.</param>
    /// <param name="inputs">Statistics of the inputs.</param>
    /// <returns>[in] s; all 1 if no stretch is better than none.</returns>
    public static float[] Stretch(DType type, IReadOnlyList<(Shape Shape, float[] Weights)> layers, InputStatistics inputs)
    {
        float[] best = [.. Enumerable.Repeat(1f, inputs.Size)];
        double leastError = double.PositiveInfinity;
        for (int candidate = 0; candidate < Candidates; candidate++)
        {
            float[] stretch = Powers(inputs, (double)candidate / Candidates);
            double error = layers.Sum(layer => inputs.Error(layer.Weights, Rounded(type, layer.Shape, layer.Weights, stretch)));
            if (error < leastError) (best, leastError) = (stretch, error);
        }
        return best;
    }

    /// <summary>The weights as a file would hold them after stretching, shrunk again: what the layer computes with.</summary>
    /// <param name="type">Q4_0 or Q4_1.</param>
    /// <param name="shape">[out, in].</param>
    /// <param name="weights">[out, in].</param>
    /// <param name="stretch">[in].</param>
    public static float[] Rounded(DType type, Shape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> stretch)
    {
        float[] values = FourBitMatrix.RoundToNearest(type, shape, Stretched(weights, stretch)).Values;
        for (int i = 0; i < values.Length; i++) values[i] /= stretch[i % stretch.Length];
        return values;
    }

    /// <summary><c>W · diag(s)</c>.</summary>
    internal static float[] Stretched(ReadOnlySpan<float> weights, ReadOnlySpan<float> stretch)
    {
        float[] values = weights.ToArray();
        for (int i = 0; i < values.Length; i++) values[i] *= stretch[i % stretch.Length];
        return values;
    }

    // |x|^α, scaled so that the least and the greatest stretch lie as far below 1 as above; inputs that are always 0 are left as they are.
    private static float[] Powers(InputStatistics inputs, double exponent)
    {
        double[] powers = [.. inputs.Magnitudes.Select(magnitude => magnitude > 0 ? PortableMath.Pow(magnitude / inputs.Count, exponent) : 1)];
        double middle = Math.Sqrt(powers.Max() * powers.Min());
        return [.. powers.Select(power => (float)(power / middle))];
    }
}
