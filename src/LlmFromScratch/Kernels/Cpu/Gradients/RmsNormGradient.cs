using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>Root mean square norm of rows and its gradients (Zhang and Sennrich 2019, eq. 4). C is the length of a row.</summary>
internal static class RmsNormGradient
{
    /// <summary><c>y = x · r · w</c> with <c>r = 1 / √(mean(x²) + ε)</c>.</summary>
    /// <param name="x">[rows, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="y">[rows, C].</param>
    /// <param name="inverseRms">[rows]: r of each row, kept for the backward pass.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> y, Span<float> inverseRms)
    {
        int size = weight.Length; // C
        for (int row = 0; row < inverseRms.Length; row++)
        {
            ReadOnlySpan<float> xRow = x.Slice(row * size, size);
            Span<float> yRow = y.Slice(row * size, size);
            float r = 1 / MathF.Sqrt(Elementwise.Dot(xRow, xRow) / size + epsilon);
            inverseRms[row] = r;
            ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(xRow), weightLanes = SixteenLanes.Of(weight);
            Span<Vector512<float>> yLanes = SixteenLanes.Of(yRow);
            for (int i = 0; i < yLanes.Length; i++) yLanes[i] = xLanes[i] * r * weightLanes[i];
            for (int i = yLanes.Length * SixteenLanes.Count; i < size; i++) yRow[i] = xRow[i] * r * weight[i];
        }
    }

    /// <summary>
    /// <c>xGrad = r · w · yGrad - x · r³/C · Σ(yGrad · w · x)</c> for each row, and <c>weightGrad += Σ_rows yGrad · x · r</c>.
    /// </summary>
    /// <param name="x">[rows, C], as in the forward pass.</param>
    /// <param name="weight">[C].</param>
    /// <param name="inverseRms">[rows] from the forward pass.</param>
    /// <param name="yGrad">[rows, C].</param>
    /// <param name="xGrad">[rows, C]; may be yGrad.</param>
    /// <param name="accumulate">Whether xGrad is added to rather than overwritten.</param>
    /// <param name="weightGrad">[C], always added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> inverseRms,
        ReadOnlySpan<float> yGrad, Span<float> xGrad, bool accumulate, Span<float> weightGrad)
    {
        int size = weight.Length; // C
        for (int row = 0; row < inverseRms.Length; row++)
        {
            ReadOnlySpan<float> xRow = x.Slice(row * size, size), yGradRow = yGrad.Slice(row * size, size);
            Span<float> xGradRow = xGrad.Slice(row * size, size);
            float r = inverseRms[row], pull = Dot3(xRow, weight, yGradRow) * r * r * r / size;
            ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(xRow), weightLanes = SixteenLanes.Of(weight);
            ReadOnlySpan<Vector512<float>> yGradLanes = SixteenLanes.Of(yGradRow);
            Span<Vector512<float>> xGradLanes = SixteenLanes.Of(xGradRow), weightGradLanes = SixteenLanes.Of(weightGrad);
            for (int i = 0; i < xGradLanes.Length; i++)
            {
                Vector512<float> scaled = yGradLanes[i] * r;
                weightGradLanes[i] += scaled * xLanes[i];
                Vector512<float> gradient = scaled * weightLanes[i] - xLanes[i] * pull;
                xGradLanes[i] = accumulate ? xGradLanes[i] + gradient : gradient;
            }
            for (int i = xGradLanes.Length * SixteenLanes.Count; i < size; i++)
            {
                float scaled = yGradRow[i] * r;
                weightGrad[i] += scaled * xRow[i];
                float gradient = scaled * weight[i] - xRow[i] * pull;
                xGradRow[i] = accumulate ? xGradRow[i] + gradient : gradient;
            }
        }
    }

    private static float Dot3(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
    {
        ReadOnlySpan<Vector512<float>> aLanes = SixteenLanes.Of(a), bLanes = SixteenLanes.Of(b), cLanes = SixteenLanes.Of(c);
        Vector512<float> sums = default;
        for (int i = 0; i < aLanes.Length; i++) sums = Vector512.FusedMultiplyAdd(aLanes[i] * bLanes[i], cLanes[i], sums);
        float sum = SixteenLanes.Sum(sums);
        for (int i = aLanes.Length * SixteenLanes.Count; i < a.Length; i++) sum = MathF.FusedMultiplyAdd(a[i] * b[i], c[i], sum);
        return sum;
    }
}
