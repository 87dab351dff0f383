namespace LlmFromScratch.Training.Autograd;

/// <summary>The worst place of a gradient check.</summary>
/// <param name="Relative">
/// |expected - actual| over the largest expected value of the tensor, or 0.001 if that is larger; infinite where the actual value is NaN.
/// </param>
/// <param name="Where">The leaf, or "the output".</param>
/// <param name="Index">The place in it.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Actual">What is there.</param>
public readonly record struct GradientDifference(double Relative, string Where, int Index, double Expected, double Actual)
{
    private const double Floor = 1e-3; // a tensor whose largest value is smaller counts as zero: what is left of it is rounding

    /// <summary>This, or the worst place of another tensor if that is worse.</summary>
    public GradientDifference OrWorse(string where, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double largest = Floor;
        foreach (double value in expected) largest = Math.Max(largest, Math.Abs(value));
        GradientDifference worst = this;
        for (int i = 0; i < expected.Length; i++)
        {
            double relative = double.IsNaN(actual[i]) ? double.PositiveInfinity : Math.Abs(expected[i] - actual[i]) / largest;
            if (relative > worst.Relative) worst = new GradientDifference(relative, where, i, expected[i], actual[i]);
        }
        return worst;
    }
}
