using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Course.Chapters.Ch06;

/// <summary>The steps of one head, apart, so that a mutant can do one of them wrong; and the run of a backend's attention over plain
/// arrays.</summary>
internal static class Heads
{
    /// <summary><c>scale · q · k_s</c> for every key.</summary>
    public static double[] Scores(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, double scale)
    {
        int size = query.Length;
        double[] scores = new double[keys.Length / size]; // [S]
        for (int s = 0; s < scores.Length; s++)
        {
            double sum = 0;
            for (int i = 0; i < size; i++) sum += (double)query[i] * keys[s * size + i];
            scores[s] = sum * scale;
        }
        return scores;
    }

    /// <summary>Softmax; without the maximum subtracted where a mutant wants it to overflow.</summary>
    public static double[] Softmax(double[] scores, bool subtractMax = true)
    {
        double max = subtractMax ? scores.Max() : 0;
        double[] exponentials = Array.ConvertAll(scores, score => PortableMath.Exp(score - max));
        return Normalise(exponentials);
    }

    /// <summary>Every value divided by the sum of all.</summary>
    public static double[] Normalise(double[] values)
    {
        double sum = values.Sum();
        return Array.ConvertAll(values, value => value / sum);
    }

    /// <summary><c>output_i = Σ_s w_s v_si</c>, added to what is in <paramref name="output"/>.</summary>
    public static void AddMixture(double[] weights, ReadOnlySpan<float> values, Span<float> output)
    {
        for (int i = 0; i < output.Length; i++)
        {
            double mixed = 0;
            for (int s = 0; s < weights.Length; s++) mixed += weights[s] * values[s * output.Length + i];
            output[i] += (float)mixed;
        }
    }

    /// <summary>As <see cref="AddMixture"/>, over what is in <paramref name="output"/>.</summary>
    public static void Mix(double[] weights, ReadOnlySpan<float> values, Span<float> output)
    {
        output.Clear();
        AddMixture(weights, values, output);
    }

    /// <summary>A backend's attention, with <c>1/√D</c>, for the last T of S positions; the output holds 7 before, so that a kernel which
    /// adds to it is seen.</summary>
    /// <param name="backend">The candidate.</param>
    /// <param name="queries">[T, H, D].</param>
    /// <param name="keys">[S, K, D].</param>
    /// <param name="values">[S, K, D].</param>
    /// <param name="heads">H.</param>
    /// <param name="kvHeads">K.</param>
    /// <param name="size">D.</param>
    /// <returns>[T, H, D].</returns>
    public static float[] Run(IBackend backend, float[] queries, float[] keys, float[] values, int heads, int kvHeads, int size)
    {
        int rows = queries.Length / (heads * size), positions = keys.Length / (kvHeads * size);
        using Tensor query = Tensor.FromFloats(queries, rows, heads, size), output = Tensor.Zeros(new Shape(rows, heads, size));
        using Tensor cachedKeys = Tensor.FromFloats(keys, 1, positions, kvHeads * size), cachedValues = Tensor.FromFloats(values, 1, positions, kvHeads * size);
        using var batch = new ForwardBatch(backend, rows, maxSequences: 1, blocksPerSequence: 1);
        batch.SetBlocks(sequence: 0, [0]); // one page holds all positions
        for (int t = 0; t < rows; t++) batch.Add(id: 0, position: positions - rows + t, sequence: 0, wantLogits: false);
        batch.Commit();
        output.Floats.Fill(7);
        backend.Attention(query, new KvPages(cachedKeys, cachedValues, kvHeads), batch, new AttentionOptions(1 / MathF.Sqrt(size)), output);
        return output.Floats.ToArray();
    }

    /// <summary>A backend whose AttendHead is another.</summary>
    internal sealed class Mutant(Mutant.Head head) : ReferenceBackend
    {
        /// <summary>One query [D] against keys and values [S, D].</summary>
        public delegate void Head(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, double scale, Span<float> output);

        /// <inheritdoc/>
        protected override void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
            AttentionOptions options, Span<float> output) => head(query, keys, values, options.Scale, output);
    }
}
