using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// The three small matrix products inside attention, eight rows at a time: eight accumulators hide the latency of the fused multiply-add.
/// Tiles are padded with zeros: rows to a multiple of 8, widths to a multiple of 16. Every output is one chain of fused multiply-adds in
/// ascending order, whatever the vector width. Bounds: the caller's tiles hold the padded sizes that each method names.
/// </summary>
internal static unsafe class AttentionTiles
{
    public const int Rows = 8;

    /// <summary><c>scores[r, s] = Σ_d a[r, d] · bTransposed[d, s]</c> for 8 rows r and s in the columns, their end rounded up to 16.</summary>
    /// <param name="a">[8, aStride], the first <paramref name="depth"/> of each row are read.</param>
    /// <param name="aStride">Distance of the rows of a.</param>
    /// <param name="depth">D.</param>
    /// <param name="bTransposed">[D, stride].</param>
    /// <param name="stride">S padded; also the distance of the rows of scores.</param>
    /// <param name="columns">The columns that are wanted; the first starts a vector.</param>
    /// <param name="scores">[8, stride].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scores(float* a, int aStride, int depth, float* bTransposed, int stride, KeyRange columns, float* scores)
    {
        for (int s = columns.First; s < columns.End; s += SixteenLanes.Count) // lane l of every accumulator holds column s + l
        {
            Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            Vector512<float> sum4 = default, sum5 = default, sum6 = default, sum7 = default;
            for (int d = 0; d < depth; d++)
            {
                Vector512<float> b = Vector512.Load(bTransposed + d * stride + s);
                float* column = a + d;
                sum0 = Vector512.FusedMultiplyAdd(Vector512.Create(column[0]), b, sum0);
                sum1 = Vector512.FusedMultiplyAdd(Vector512.Create(column[aStride]), b, sum1);
                sum2 = Vector512.FusedMultiplyAdd(Vector512.Create(column[2 * aStride]), b, sum2);
                sum3 = Vector512.FusedMultiplyAdd(Vector512.Create(column[3 * aStride]), b, sum3);
                sum4 = Vector512.FusedMultiplyAdd(Vector512.Create(column[4 * aStride]), b, sum4);
                sum5 = Vector512.FusedMultiplyAdd(Vector512.Create(column[5 * aStride]), b, sum5);
                sum6 = Vector512.FusedMultiplyAdd(Vector512.Create(column[6 * aStride]), b, sum6);
                sum7 = Vector512.FusedMultiplyAdd(Vector512.Create(column[7 * aStride]), b, sum7);
            }
            Store(scores + s, stride, sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7);
        }
    }

    /// <summary><c>output[r, d] = Σ_s weights[r, s] · b[s, d]</c> over the columns s for 8 rows r.</summary>
    /// <param name="weights">[8, stride].</param>
    /// <param name="stride">S padded.</param>
    /// <param name="columns">The rows of b that are summed.</param>
    /// <param name="b">[S, width].</param>
    /// <param name="width">D padded.</param>
    /// <param name="output">[8, width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(float* weights, int stride, KeyRange columns, float* b, int width, float* output)
    {
        for (int d = 0; d < width; d += SixteenLanes.Count)
        {
            Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            Vector512<float> sum4 = default, sum5 = default, sum6 = default, sum7 = default;
            for (int s = columns.First; s < columns.End; s++)
            {
                Vector512<float> row = Vector512.Load(b + s * width + d);
                float* column = weights + s;
                sum0 = Vector512.FusedMultiplyAdd(Vector512.Create(column[0]), row, sum0);
                sum1 = Vector512.FusedMultiplyAdd(Vector512.Create(column[stride]), row, sum1);
                sum2 = Vector512.FusedMultiplyAdd(Vector512.Create(column[2 * stride]), row, sum2);
                sum3 = Vector512.FusedMultiplyAdd(Vector512.Create(column[3 * stride]), row, sum3);
                sum4 = Vector512.FusedMultiplyAdd(Vector512.Create(column[4 * stride]), row, sum4);
                sum5 = Vector512.FusedMultiplyAdd(Vector512.Create(column[5 * stride]), row, sum5);
                sum6 = Vector512.FusedMultiplyAdd(Vector512.Create(column[6 * stride]), row, sum6);
                sum7 = Vector512.FusedMultiplyAdd(Vector512.Create(column[7 * stride]), row, sum7);
            }
            Store(output + d, width, sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7);
        }
    }

    /// <summary><c>output[c, d] += Σ_{t in [first, end)} weights[t, c] · a[t, d]</c> for 8 columns c: the transposed product.</summary>
    /// <param name="weights">Column 0 of the eight; rows are <paramref name="stride"/> apart.</param>
    /// <param name="stride">S padded.</param>
    /// <param name="first">The first t.</param>
    /// <param name="end">The end of t.</param>
    /// <param name="a">[T, width].</param>
    /// <param name="width">D padded.</param>
    /// <param name="output">[8, width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CombineTransposed(float* weights, int stride, int first, int end, float* a, int width, float* output)
    {
        for (int d = 0; d < width; d += SixteenLanes.Count)
        {
            float* o = output + d;
            Vector512<float> sum0 = Vector512.Load(o), sum1 = Vector512.Load(o + width), sum2 = Vector512.Load(o + 2 * width);
            Vector512<float> sum3 = Vector512.Load(o + 3 * width), sum4 = Vector512.Load(o + 4 * width), sum5 = Vector512.Load(o + 5 * width);
            Vector512<float> sum6 = Vector512.Load(o + 6 * width), sum7 = Vector512.Load(o + 7 * width);
            for (int t = first; t < end; t++)
            {
                Vector512<float> row = Vector512.Load(a + t * width + d);
                float* w = weights + t * stride;
                sum0 = Vector512.FusedMultiplyAdd(Vector512.Create(w[0]), row, sum0);
                sum1 = Vector512.FusedMultiplyAdd(Vector512.Create(w[1]), row, sum1);
                sum2 = Vector512.FusedMultiplyAdd(Vector512.Create(w[2]), row, sum2);
                sum3 = Vector512.FusedMultiplyAdd(Vector512.Create(w[3]), row, sum3);
                sum4 = Vector512.FusedMultiplyAdd(Vector512.Create(w[4]), row, sum4);
                sum5 = Vector512.FusedMultiplyAdd(Vector512.Create(w[5]), row, sum5);
                sum6 = Vector512.FusedMultiplyAdd(Vector512.Create(w[6]), row, sum6);
                sum7 = Vector512.FusedMultiplyAdd(Vector512.Create(w[7]), row, sum7);
            }
            Store(o, width, sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* output, int stride, Vector512<float> sum0, Vector512<float> sum1, Vector512<float> sum2, Vector512<float> sum3,
        Vector512<float> sum4, Vector512<float> sum5, Vector512<float> sum6, Vector512<float> sum7)
    {
        sum0.Store(output);
        sum1.Store(output + stride);
        sum2.Store(output + 2 * stride);
        sum3.Store(output + 3 * stride);
        sum4.Store(output + 4 * stride);
        sum5.Store(output + 5 * stride);
        sum6.Store(output + 6 * stride);
        sum7.Store(output + 7 * stride);
    }
}
