using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// Softmax along one row of scores, and its gradient. A row is walked in whole vectors over the columns of its tile; columns that the query does not see are
/// masked lane by lane, so that the eight rows of a tile take the same branches. Column s always stands in lane s mod 16: a row's sums do not depend on the
/// other rows of its tile. Bounds: rows hold the tile's end rounded up to 16, and so does the bias from its first entry on.
/// </summary>
internal static unsafe class AttentionRows
{
    /// <summary>
    /// <c>row[s] = softmax(score)[s]</c> with <c>score = cap · tanh(scale · row / cap) + bias</c>, or without the cap where it is 0. Columns that are not
    /// visible are left out and become 0.
    /// </summary>
    /// <param name="row">[S], the products of query and keys; changed within the tile.</param>
    /// <param name="bias">[S], added to the scores, or null.</param>
    /// <param name="visible">The columns that the query sees, at least one.</param>
    /// <param name="tile">The columns that the tile holds; starts at a whole vector.</param>
    /// <param name="sizes">Scale and cap.</param>
    /// <returns>The largest score, and one over the sum of the powers.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Max, float InverseSum) Softmax(float* row, float* bias, KeyRange visible, KeyRange tile, in AttentionSizes sizes)
    {
        float scale = sizes.Scale, cap = sizes.SoftCap;
        Vector512<float> hidden = Vector512.Create(float.NegativeInfinity), maxima = hidden, sums = default;
        for (int s = tile.First; s < tile.End; s += SixteenLanes.Count)
        {
            Vector512<float> score = Vector512.Load(row + s) * scale;
            if (cap > 0) score = SixteenLanes.Tanh(score / cap) * cap;
            if (bias != null) score += Vector512.Load(bias + s);
            score = Vector512.ConditionalSelect(IsVisible(s, visible), score, hidden);
            score.Store(row + s);
            maxima = Vector512.Max(maxima, score);
        }
        float max = SixteenLanes.Max(maxima);
        maxima = Vector512.Create(max);
        for (int s = tile.First; s < tile.End; s += SixteenLanes.Count)
        {
            Vector512<float> power = SixteenLanes.Exp(Vector512.Load(row + s) - maxima); // at most 1: exp cannot overflow
            power = Vector512.ConditionalSelect(IsVisible(s, visible), power, Vector512<float>.Zero);
            power.Store(row + s);
            sums += power;
        }
        float inverseSum = 1 / SixteenLanes.Sum(sums);
        for (int s = tile.First; s < tile.End; s += SixteenLanes.Count) (Vector512.Load(row + s) * inverseSum).Store(row + s);
        return (max, inverseSum);
    }

    /// <summary>
    /// Products of query and keys become weights again, <c>p = e^(score - max) · inverseSum</c>; weight gradients become the gradients of these products,
    /// <c>p · (grad - δ) · (1 - tanh²) · scale</c>, and <c>biasGrad += p · (grad - δ)</c>. Where the query sees nothing all are 0.
    /// </summary>
    /// <param name="row">[S], the products; then the weights.</param>
    /// <param name="weightGrads">[S]; then the gradients of the products.</param>
    /// <param name="bias">[S] as in <see cref="Softmax"/>, or null.</param>
    /// <param name="biasGrad">[S], added to, or null.</param>
    /// <param name="visible">The columns that the query sees.</param>
    /// <param name="tile">The columns that the tile holds.</param>
    /// <param name="sizes">Scale and cap.</param>
    /// <param name="max">From <see cref="Softmax"/>.</param>
    /// <param name="inverseSum">From <see cref="Softmax"/>.</param>
    /// <param name="delta">δ, the product of the output and its gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* row, float* weightGrads, float* bias, float* biasGrad, KeyRange visible, KeyRange tile, in AttentionSizes sizes,
        float max, float inverseSum, float delta)
    {
        float scale = sizes.Scale, cap = sizes.SoftCap;
        Vector512<float> maxima = Vector512.Create(max), deltas = Vector512.Create(delta);
        for (int s = tile.First; s < tile.End; s += SixteenLanes.Count)
        {
            Vector512<float> score = Vector512.Load(row + s) * scale, slope = Vector512.Create(scale);
            if (cap > 0)
            {
                Vector512<float> tanh = SixteenLanes.Tanh(score / cap);
                slope *= Vector512<float>.One - tanh * tanh;
                score = tanh * cap;
            }
            if (bias != null) score += Vector512.Load(bias + s);
            Vector512<float> weight = SixteenLanes.Exp(score - maxima) * inverseSum;
            weight = Vector512.ConditionalSelect(IsVisible(s, visible), weight, Vector512<float>.Zero);
            weight.Store(row + s);
            Vector512<float> scoreGrad = weight * (Vector512.Load(weightGrads + s) - deltas);
            if (biasGrad != null) (Vector512.Load(biasGrad + s) + scoreGrad).Store(biasGrad + s);
            (scoreGrad * slope).Store(weightGrads + s);
        }
    }

    // All bits set in the lanes whose column the query sees.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> IsVisible(int column, KeyRange visible)
    {
        Vector512<int> columns = Vector512<int>.Indices + Vector512.Create(column);
        return (Vector512.LessThan(columns, Vector512.Create(visible.End)) & Vector512.GreaterThanOrEqual(columns, Vector512.Create(visible.First))).AsSingle();
    }
}
