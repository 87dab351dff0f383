using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// Softmax along one row of scores, and its gradient. A row is walked in whole vectors up to the end of its tile; columns from <c>visible</c> on
/// are masked lane by lane, so that the eight rows of a tile take the same branches. Bounds: rows hold the limit rounded up to 16.
/// </summary>
internal static unsafe class AttentionRows
{
    /// <summary><c>row[s] = softmax(scale · row)[s]</c>; the columns from visible on are left out and become 0.</summary>
    /// <param name="row">[limit], the scores.</param>
    /// <param name="visible">How many columns the query sees, at least 1.</param>
    /// <param name="limit">How many columns the tile uses.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <returns>The largest scaled score, and one over the sum of the powers.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Max, float InverseSum) Softmax(float* row, int visible, int limit, float scale)
    {
        Vector512<float> hidden = Vector512.Create(float.NegativeInfinity), maxima = hidden, sums = default;
        for (int s = 0; s < limit; s += SixteenLanes.Count)
            maxima = Vector512.Max(maxima, Vector512.ConditionalSelect(IsVisible(s, visible), Vector512.Load(row + s) * scale, hidden));
        float max = SixteenLanes.Max(maxima);
        maxima = Vector512.Create(max);
        for (int s = 0; s < limit; s += SixteenLanes.Count)
        {
            Vector512<float> power = SixteenLanes.Exp(Vector512.Load(row + s) * scale - maxima); // at most 1: exp cannot overflow
            power = Vector512.ConditionalSelect(IsVisible(s, visible), power, Vector512<float>.Zero);
            power.Store(row + s);
            sums += power;
        }
        float inverseSum = 1 / SixteenLanes.Sum(sums);
        for (int s = 0; s < limit; s += SixteenLanes.Count) (Vector512.Load(row + s) * inverseSum).Store(row + s);
        return (max, inverseSum);
    }

    /// <summary>
    /// Scores become weights again, <c>p = e^(scale · score - max) · inverseSum</c>, and weight gradients become score gradients,
    /// <c>p · (grad - δ) · scale</c>. From visible on both are 0.
    /// </summary>
    /// <param name="scores">[limit].</param>
    /// <param name="weightGrads">[limit].</param>
    /// <param name="visible">How many columns the query sees.</param>
    /// <param name="limit">How many columns the tile uses.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="max">From <see cref="Softmax"/>.</param>
    /// <param name="inverseSum">From <see cref="Softmax"/>.</param>
    /// <param name="delta">δ, the product of the output and its gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* scores, float* weightGrads, int visible, int limit, float scale, float max, float inverseSum, float delta)
    {
        Vector512<float> maxima = Vector512.Create(max), deltas = Vector512.Create(delta);
        for (int s = 0; s < limit; s += SixteenLanes.Count)
        {
            Vector512<float> weight = SixteenLanes.Exp(Vector512.Load(scores + s) * scale - maxima) * inverseSum;
            weight = Vector512.ConditionalSelect(IsVisible(s, visible), weight, Vector512<float>.Zero);
            weight.Store(scores + s);
            (weight * (Vector512.Load(weightGrads + s) - deltas) * scale).Store(weightGrads + s);
        }
    }

    // All bits set in the lanes whose column is below visible.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> IsVisible(int column, int visible) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(visible - column)).AsSingle();
}
