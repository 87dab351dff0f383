using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>Layer norm of rows and its gradients (Ba et al. 2016, eq. 4). C is the length of a row.</summary>
internal static class LayerNormGradient
{
    /// <summary><c>y = (x - mean) · r · w + b</c> with <c>r = 1 / √(mean((x - mean)²) + ε)</c>.</summary>
    /// <param name="x">[rows, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="y">[rows, C]; not x.</param>
    /// <param name="stats">[rows, 2]: mean and r of each row, kept for the backward pass.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> y, Span<float> stats)
    {
        int size = weight.Length; // C
        for (int row = 0; row < stats.Length / 2; row++)
        {
            ReadOnlySpan<float> xRow = x.Slice(row * size, size);
            Span<float> yRow = y.Slice(row * size, size);
            float mean = Elementwise.Sum(xRow) / size;
            for (int i = 0; i < size; i++) yRow[i] = xRow[i] - mean; // the variance of what is left: no difference of large squares
            float r = 1 / MathF.Sqrt(Elementwise.Dot(yRow, yRow) / size + epsilon);
            (stats[2 * row], stats[2 * row + 1]) = (mean, r);
            ReadOnlySpan<Vector512<float>> weightLanes = SixteenLanes.Of(weight), biasLanes = SixteenLanes.Of(bias);
            Span<Vector512<float>> yLanes = SixteenLanes.Of(yRow);
            for (int i = 0; i < yLanes.Length; i++) yLanes[i] = yLanes[i] * r * weightLanes[i] + biasLanes[i];
            for (int i = yLanes.Length * SixteenLanes.Count; i < size; i++) yRow[i] = yRow[i] * r * weight[i] + bias[i];
        }
    }

    /// <summary>
    /// With <c>n = (x - mean) · r</c> and <c>g = yGrad · w</c>: <c>xGrad = r · (g - mean(g) - n · mean(g · n))</c> for each row,
    /// <c>weightGrad += Σ_rows yGrad · n</c>, <c>biasGrad += Σ_rows yGrad</c>.
    /// </summary>
    /// <param name="x">[rows, C], as in the forward pass.</param>
    /// <param name="weight">[C].</param>
    /// <param name="stats">[rows, 2] from the forward pass.</param>
    /// <param name="yGrad">[rows, C].</param>
    /// <param name="xGrad">[rows, C]; not yGrad.</param>
    /// <param name="accumulate">Whether xGrad is added to rather than overwritten.</param>
    /// <param name="weightGrad">[C], always added to.</param>
    /// <param name="biasGrad">[C], always added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> stats, ReadOnlySpan<float> yGrad,
        Span<float> xGrad, bool accumulate, Span<float> weightGrad, Span<float> biasGrad)
    {
        int size = weight.Length; // C
        for (int row = 0; row < stats.Length / 2; row++)
        {
            ReadOnlySpan<float> xRow = x.Slice(row * size, size), yGradRow = yGrad.Slice(row * size, size);
            Span<float> xGradRow = xGrad.Slice(row * size, size);
            (float mean, float r) = (stats[2 * row], stats[2 * row + 1]);
            (float meanGrad, float meanProduct) = Means(xRow, weight, yGradRow, mean, r);
            ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(xRow), weightLanes = SixteenLanes.Of(weight), yGradLanes = SixteenLanes.Of(yGradRow);
            Span<Vector512<float>> xGradLanes = SixteenLanes.Of(xGradRow);
            Span<Vector512<float>> weightGradLanes = SixteenLanes.Of(weightGrad), biasGradLanes = SixteenLanes.Of(biasGrad);
            Vector512<float> means = Vector512.Create(mean), meanGrads = Vector512.Create(meanGrad);
            for (int i = 0; i < xGradLanes.Length; i++)
            {
                Vector512<float> normed = (xLanes[i] - means) * r;
                weightGradLanes[i] += yGradLanes[i] * normed;
                biasGradLanes[i] += yGradLanes[i];
                Vector512<float> gradient = (yGradLanes[i] * weightLanes[i] - meanGrads - normed * meanProduct) * r;
                xGradLanes[i] = accumulate ? xGradLanes[i] + gradient : gradient;
            }
            for (int i = xGradLanes.Length * SixteenLanes.Count; i < size; i++)
            {
                float normed = (xRow[i] - mean) * r;
                weightGrad[i] += yGradRow[i] * normed;
                biasGrad[i] += yGradRow[i];
                float gradient = (yGradRow[i] * weight[i] - meanGrad - normed * meanProduct) * r;
                xGradRow[i] = accumulate ? xGradRow[i] + gradient : gradient;
            }
        }
    }

    // mean(g) and mean(g · n), each in sixteen chains, then the tail.
    private static (float MeanGrad, float MeanProduct) Means(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> yGrad, float mean, float r)
    {
        ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(x), weightLanes = SixteenLanes.Of(weight), yGradLanes = SixteenLanes.Of(yGrad);
        Vector512<float> grads = default, products = default, means = Vector512.Create(mean);
        for (int i = 0; i < xLanes.Length; i++)
        {
            Vector512<float> grad = yGradLanes[i] * weightLanes[i];
            grads += grad;
            products = Vector512.FusedMultiplyAdd(grad, (xLanes[i] - means) * r, products);
        }
        float gradSum = SixteenLanes.Sum(grads), productSum = SixteenLanes.Sum(products);
        for (int i = xLanes.Length * SixteenLanes.Count; i < x.Length; i++)
        {
            float grad = yGrad[i] * weight[i];
            gradSum += grad;
            productSum = MathF.FusedMultiplyAdd(grad, (x[i] - mean) * r, productSum);
        }
        return (gradSum / x.Length, productSum / x.Length);
    }
}
