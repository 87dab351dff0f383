namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The search for a group's scale that K formats make: round to codes with several scales near the obvious one, fit the scale (and minimum) to each
/// rounding by weighted least squares, keep what errs least. Follows the order of additions of ggml's reference, so that files come out the same.
/// </summary>
internal static class ScaleSearch
{
    private const float Nothing = 1e-15f; // a group whose largest magnitude is below is zeros
    private const float Step = 0.1f; // codes, by which the range of the trial scales is wider or narrower

    /// <summary>Fits <c>x ≈ scale · (code - half)</c>, codes 0 to 2·half - 1, errors weighted by x².</summary>
    /// <param name="x">[group].</param>
    /// <param name="half">2^(bits - 1).</param>
    /// <param name="codes">[group] receives the best codes; zeros for a group of zeros.</param>
    /// <returns>The scale, 0 for a group of zeros.</returns>
    public static float Symmetric(ReadOnlySpan<float> x, int half, Span<byte> codes)
    {
        float extreme = Extreme(x), bestScale = 0, bestGain = 0;
        codes.Clear();
        if (Math.Abs(extreme) < Nothing) return 0;
        for (int trial = 0; trial <= 18; trial++) // the obvious scale first, then from 0.9 codes fewer to 0.9 more
        {
            int offset = trial == 0 ? 0 : trial <= 9 ? trial - 10 : trial - 9;
            float inverse = -(half + Step * offset) / extreme, products = 0, squares = 0;
            for (int i = 0; i < x.Length; i++)
            {
                int q = Nearest(inverse * x[i], -half, half - 1);
                float weight = x[i] * x[i];
                products += weight * x[i] * q;
                squares += weight * q * q;
            }
            if (trial == 0 ? squares == 0 : !(squares > 0 && products * products > bestGain * squares)) continue;
            (bestScale, bestGain) = (products / squares, products / squares * products);
            for (int i = 0; i < x.Length; i++) codes[i] = (byte)(Nearest(inverse * x[i], -half, half - 1) + half);
        }
        return bestScale;
    }

    /// <summary>Fits <c>x ≈ scale · code - minimum</c>, codes 0 to most, minimum at least 0; errors weighted by |x| and its root mean square.</summary>
    /// <param name="x">[group].</param>
    /// <param name="most">2^bits - 1.</param>
    /// <param name="narrowest">The first trial's range in codes, relative to most.</param>
    /// <param name="steps">Trials after the first, a tenth of a code apart.</param>
    /// <param name="codes">[group] receives the best codes.</param>
    /// <returns>Scale and minimum.</returns>
    public static (float Scale, float Minimum) WithMinimum(ReadOnlySpan<float> x, int most, float narrowest, int steps, Span<byte> codes)
    {
        Span<float> weights = stackalloc float[x.Length];
        Span<byte> trial = stackalloc byte[x.Length];
        Weigh(x, weights);
        float low = x[0], high = x[0], sumW = weights[0], sumX = sumW * x[0];
        for (int i = 1; i < x.Length; i++)
        {
            (low, high) = (Math.Min(low, x[i]), Math.Max(high, x[i]));
            sumW += weights[i];
            sumX += weights[i] * x[i];
        }
        low = Math.Min(low, 0);
        if (high == low)
        {
            codes.Clear();
            return (0, -low);
        }
        float first = most / (high - low), scale = 1 / first, minimum = low;
        Round(x, first, low, most, codes);
        float bestError = Error(x, weights, codes, scale, minimum);
        for (int step = 0; step <= steps; step++)
        {
            Round(x, (narrowest + Step * step + most) / (high - minimum), minimum, most, trial); // from the best minimum so far
            float sumL = 0, sumL2 = 0, sumXL = 0;
            for (int i = 0; i < x.Length; i++)
            {
                float weighted = weights[i] * trial[i];
                sumL += weighted;
                sumL2 += weighted * trial[i];
                sumXL += weighted * x[i];
            }
            float determinant = sumW * sumL2 - sumL * sumL;
            if (!(determinant > 0)) continue;
            float fittedScale = (sumW * sumXL - sumX * sumL) / determinant, fittedMinimum = (sumL2 * sumX - sumL * sumXL) / determinant;
            if (fittedMinimum > 0) (fittedScale, fittedMinimum) = (sumXL / sumL2, 0);
            float error = Error(x, weights, trial, fittedScale, fittedMinimum);
            if (!(error < bestError)) continue;
            (bestError, scale, minimum) = (error, fittedScale, fittedMinimum);
            trial.CopyTo(codes);
        }
        return (scale, -minimum);
    }

    /// <summary>The value of largest magnitude, the first of equals.</summary>
    public static float Extreme(ReadOnlySpan<float> x)
    {
        float extreme = 0;
        foreach (float value in x)
            if (Math.Abs(value) > Math.Abs(extreme)) extreme = value;
        return extreme;
    }

    /// <summary>The nearest whole number, ties to even, held to a range.</summary>
    public static int Nearest(float value, int least, int most) => Math.Clamp((int)MathF.Round(value), least, most);

    private static void Weigh(ReadOnlySpan<float> x, Span<float> weights)
    {
        float squares = 0;
        foreach (float value in x) squares += value * value;
        float rootMeanSquare = MathF.Sqrt(squares / x.Length);
        for (int i = 0; i < x.Length; i++) weights[i] = rootMeanSquare + Math.Abs(x[i]);
    }

    private static void Round(ReadOnlySpan<float> x, float inverse, float minimum, int most, Span<byte> codes)
    {
        for (int i = 0; i < x.Length; i++) codes[i] = (byte)Nearest(inverse * (x[i] - minimum), 0, most);
    }

    private static float Error(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<byte> codes, float scale, float minimum)
    {
        float error = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float difference = scale * codes[i] + minimum - x[i];
            error += weights[i] * (difference * difference);
        }
        return error;
    }
}
