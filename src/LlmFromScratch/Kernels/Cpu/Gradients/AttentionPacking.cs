using System.Runtime.CompilerServices;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// Copies one head's rows between the linear layers' layout, where all heads of a token stand side by side, and the padded tiles of
/// <see cref="AttentionTiles"/>. Bounds: a tile holds paddedCount · width floats, a transposed tile D · stride.
/// </summary>
internal static unsafe class AttentionPacking
{
    /// <summary>Rows of one head -> [paddedCount, width], zeros after the rows and beside them.</summary>
    /// <param name="source">The head's first value is source[0].</param>
    /// <param name="sourceStride">Distance of rows in the source.</param>
    /// <param name="count">Rows to copy.</param>
    /// <param name="paddedCount">Rows of the tile.</param>
    /// <param name="depth">D.</param>
    /// <param name="tile">[paddedCount, width].</param>
    /// <param name="width">D padded.</param>
    public static void Pack(ReadOnlySpan<float> source, int sourceStride, int count, int paddedCount, int depth, float* tile, int width)
    {
        if (paddedCount > count || width > depth) new Span<float>(tile, paddedCount * width).Clear();
        for (int row = 0; row < count; row++) source.Slice(row * sourceStride, depth).CopyTo(new Span<float>(tile + row * width, depth));
    }

    /// <summary>Rows of one head -> [D, stride]: column s is row s of the source, zeros after the last.</summary>
    /// <param name="source">The head's first value is source[0].</param>
    /// <param name="sourceStride">Distance of rows in the source.</param>
    /// <param name="count">Rows to copy.</param>
    /// <param name="depth">D.</param>
    /// <param name="tile">[D, stride].</param>
    /// <param name="stride">S padded.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackTransposed(ReadOnlySpan<float> source, int sourceStride, int count, int depth, float* tile, int stride)
    {
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> values = source.Slice(row * sourceStride, depth);
            for (int d = 0; d < values.Length; d++) tile[d * stride + row] = values[d];
        }
        for (int d = 0; d < depth; d++) new Span<float>(tile + d * stride + count, stride - count).Clear();
    }

    /// <summary>A tile's row -> its place in a gradient, overwriting or adding.</summary>
    public static void Unpack(float* row, Span<float> target, bool accumulate)
    {
        ReadOnlySpan<float> values = new(row, target.Length);
        if (accumulate) Elementwise.AddTo(values, target);
        else values.CopyTo(target);
    }

    /// <summary>A head's biases [R] with zeros behind them, where whole vectors read past the last key.</summary>
    public static void PackBias(ReadOnlySpan<float> bias, int head, in AttentionSizes sizes, float* target)
    {
        Span<float> row = new(target, sizes.PaddedBias);
        bias.Slice(head * sizes.BiasCount, sizes.BiasCount).CopyTo(row);
        row[sizes.BiasCount..].Clear();
    }

    /// <summary>
    /// The first whole cache line: vectors of 64 bytes that start on one are read in one access. Sixteen spare floats of the scratch pay for it.
    /// </summary>
    public static float* Align(float* start) => (float*)(((nuint)start + 63) & ~(nuint)63);
}
