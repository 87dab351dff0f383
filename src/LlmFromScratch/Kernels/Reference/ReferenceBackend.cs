using System.Runtime.InteropServices;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Reference;

/// <summary>
/// The living definition of every operation: plain loops, double accumulators, nothing clever. Slow on purpose; every other backend is tested
/// against it. Its members are virtual: a learner overrides one, and checks, tests and the real generator run on the learner's kernel.
/// </summary>
public class ReferenceBackend : IBackend
{
    /// <inheritdoc/>
    public virtual string Name => "reference";

    /// <inheritdoc/>
    public virtual Tensor Allocate(Shape shape, DType dtype = DType.F32) => Tensor.Zeros(shape, dtype);

    /// <inheritdoc/>
    public virtual Tensor Load(Tensor host) => host;

    /// <inheritdoc/>
    public virtual Tensor LoadMatMulWeight(Tensor host) => host;

    /// <inheritdoc/>
    public virtual void Upload<T>(ReadOnlySpan<T> source, Tensor destination) where T : unmanaged =>
        MemoryMarshal.AsBytes(source).CopyTo(Ops.SameBytes(destination, MemoryMarshal.AsBytes(source).Length));

    /// <inheritdoc/>
    public virtual void Download<T>(Tensor source, Span<T> destination) where T : unmanaged =>
        Ops.SameBytes(source, MemoryMarshal.AsBytes(destination).Length).CopyTo(MemoryMarshal.AsBytes(destination));

    /// <inheritdoc/>
    public virtual void Copy(Tensor source, Tensor destination) => source.Bytes.CopyTo(Ops.SameBytes(destination, (int)source.ByteLength));

    /// <inheritdoc/>
    public virtual void Synchronize() { }

    /// <inheritdoc/>
    public virtual void Embed(Tensor table, Tensor ids, Tensor output)
    {
        Ops.CheckEmbed(table, ids, output);
        int size = table.Shape[1]; // C
        for (int t = 0; t < ids.Shape[0]; t++)
        {
            int id = Ops.CheckIndex("Embed: token id", ids.Ints[t], table.Shape[0]);
            DecodeRow(table, id, output.Floats.Slice(t * size, size));
        }
    }

    /// <inheritdoc/>
    public virtual void MatMul(Tensor x, Tensor weight, Tensor y)
    {
        Ops.CheckMatMul(x, weight, y);
        int rows = x.Shape[0], inSize = x.Shape[1], outSize = weight.Shape[0];
        float[] weightRow = new float[inSize];
        for (int o = 0; o < outSize; o++)
        {
            DecodeRow(weight, o, weightRow);
            for (int t = 0; t < rows; t++)
                y.Floats[t * outSize + o] = Dot(x.Floats.Slice(t * inSize, inSize), weightRow);
        }
    }

    /// <inheritdoc/>
    public virtual void Add(Tensor a, Tensor b, Tensor sum) => Elementwise.Combine("Add", a, b, sum, (x, y) => x + y);

    /// <inheritdoc/>
    public virtual void AddBias(Tensor x, Tensor bias)
    {
        Ops.CheckAddBias(x, bias);
        for (int i = 0; i < x.Floats.Length; i++) x.Floats[i] += bias.Floats[i % bias.Shape[0]];
    }

    /// <inheritdoc/>
    public virtual void Scale(Tensor x, float factor, Tensor output) => Elementwise.Map("Scale", x, output, value => factor * value);

    /// <inheritdoc/>
    public virtual void SoftCap(Tensor x, float cap, Tensor output)
    {
        Ops.CheckSoftCap(x, cap, output);
        Elementwise.Map("SoftCap", x, output, value => cap * PortableMath.Tanh(value / cap));
    }

    /// <inheritdoc/>
    public virtual void LayerNorm(Tensor x, Tensor weight, Tensor bias, float epsilon, Tensor output)
    {
        Ops.CheckLayerNorm(x, weight, bias, epsilon, output);
        int size = x.Shape[1]; // C
        for (int t = 0; t < x.Shape[0]; t++)
        {
            Span<float> row = x.Floats.Slice(t * size, size), result = output.Floats.Slice(t * size, size);
            double sum = 0, sumOfSquares = 0;
            foreach (float value in row) sum += value;
            double mean = sum / size;
            foreach (float value in row) sumOfSquares += (value - mean) * (value - mean);
            double factor = 1 / Math.Sqrt(sumOfSquares / size + epsilon);
            for (int i = 0; i < size; i++) result[i] = (float)((row[i] - mean) * factor * weight.Floats[i] + bias.Floats[i]);
        }
    }

    /// <inheritdoc/>
    public virtual void RmsNorm(Tensor x, Tensor weight, float epsilon, Tensor output)
    {
        Ops.CheckRmsNorm(x, weight, epsilon, output);
        int size = x.Shape[1]; // C
        for (int t = 0; t < x.Shape[0]; t++)
            NormRow(x.Floats.Slice(t * size, size), weight.Floats, epsilon, output.Floats.Slice(t * size, size));
    }

    /// <inheritdoc/>
    public virtual void Rope(Tensor x, Tensor positions, RopeOptions options)
    {
        Ops.CheckRope(x, positions, options);
        int heads = x.Shape[1], size = x.Shape[2]; // H, D
        for (int n = 0; n < x.Shape[0] * heads; n++) RotateHead(x.Floats.Slice(n * size, size), positions.Ints[n / heads], options);
    }

    /// <inheritdoc/>
    public virtual void WriteKv(Tensor keys, Tensor values, KvPages pages, ForwardBatch batch)
    {
        Ops.CheckWriteKv(keys, values, pages, batch);
        int rowSize = pages.RowSize; // K · D
        for (int t = 0; t < batch.RowCount; t++)
        {
            int slot = Ops.CacheSlot(pages, batch, batch.Sequences.Ints[t], batch.Positions.Ints[t]);
            RowCodec.Encode(pages.DType, keys.Floats.Slice(t * rowSize, rowSize), pages.Keys.RowSpan(slot));
            RowCodec.Encode(pages.DType, values.Floats.Slice(t * rowSize, rowSize), pages.Values.RowSpan(slot));
        }
    }

    /// <summary>Gathers the keys and values that each query sees into plain arrays and lets <see cref="AttendHead"/> do the rest.</summary>
    /// <inheritdoc/>
    public virtual void Attention(Tensor query, KvPages pages, ForwardBatch batch, AttentionOptions options, Tensor output)
    {
        Ops.CheckAttention(query, pages, batch, options, output);
        int heads = query.Shape[1], size = query.Shape[2], kvHeads = pages.KvHeadCount, group = heads / kvHeads;
        for (int t = 0; t < batch.RowCount; t++)
        {
            int position = batch.Positions.Ints[t], first = options.FirstSeen(position), seen = position + 1 - first; // S: causal, none after its own
            float[] allKeys = new float[seen * pages.RowSize], allValues = new float[seen * pages.RowSize]; // [S, K·D]
            for (int s = 0; s < seen; s++)
            {
                int slot = Ops.CacheSlot(pages, batch, batch.Sequences.Ints[t], first + s);
                DecodeRow(pages.Keys, slot, allKeys.AsSpan(s * pages.RowSize, pages.RowSize));
                DecodeRow(pages.Values, slot, allValues.AsSpan(s * pages.RowSize, pages.RowSize));
            }
            float[] keys = new float[seen * size], values = new float[seen * size]; // [S, D] of one key/value head
            for (int g = 0; g < kvHeads; g++)
            {
                for (int s = 0; s < seen; s++)
                {
                    allKeys.AsSpan(s * pages.RowSize + g * size, size).CopyTo(keys.AsSpan(s * size));
                    allValues.AsSpan(s * pages.RowSize + g * size, size).CopyTo(values.AsSpan(s * size));
                }
                for (int h = g * group; h < (g + 1) * group; h++)
                    AttendHead(query.Floats.Slice((t * heads + h) * size, size), keys, values, options, output.Floats.Slice((t * heads + h) * size, size));
            }
        }
    }

    /// <inheritdoc/>
    public virtual void SiluMul(Tensor gate, Tensor up, Tensor output) => Elementwise.Combine("SiluMul", gate, up, output, (g, u) => g / (1 + PortableMath.Exp(-g)) * u);

    /// <inheritdoc/>
    public virtual void Gelu(Tensor x, Tensor output) => Elementwise.Map("Gelu", x, output, Elementwise.Gelu);

    /// <inheritdoc/>
    public virtual void GeluMul(Tensor gate, Tensor up, Tensor output) => Elementwise.Combine("GeluMul", gate, up, output, (g, u) => Elementwise.Gelu(g) * u);

    /// <inheritdoc/>
    public virtual void RouteExperts(Tensor logits, Tensor experts, Tensor weights)
    {
        Ops.CheckRouteExperts(logits, experts, weights);
        int count = logits.Shape[1], used = experts.Shape[1]; // E, U
        for (int t = 0; t < logits.Shape[0]; t++)
            ExpertRouting.Route(logits.Floats.Slice(t * count, count), experts.Ints.Slice(t * used, used), weights.Floats.Slice(t * used, used));
    }

    /// <inheritdoc/>
    public virtual void ExpertMatMul(Tensor x, Tensor weight, Tensor experts, Tensor y)
    {
        Ops.CheckExpertMatMul(x, weight, experts, y);
        int outSize = weight.Shape[1], inSize = weight.Shape[2], used = experts.Shape[1];
        float[] weightRow = new float[inSize];
        for (int slot = 0; slot < experts.Ints.Length; slot++) // over [T, U]
        {
            int expert = Ops.CheckIndex("ExpertMatMul: expert", experts.Ints[slot], weight.Shape[0]);
            Span<float> input = x.Floats.Slice((x.Shape.Rank == 3 ? slot : slot / used) * inSize, inSize);
            for (int o = 0; o < outSize; o++)
            {
                DecodeRow(weight, expert * outSize + o, weightRow);
                y.Floats[slot * outSize + o] = Dot(input, weightRow);
            }
        }
    }

    /// <inheritdoc/>
    public virtual void MixExperts(Tensor x, Tensor weights, Tensor output)
    {
        Ops.CheckMixExperts(x, weights, output);
        int used = x.Shape[1], size = x.Shape[2];
        for (int t = 0; t < x.Shape[0]; t++)
        for (int i = 0; i < size; i++)
        {
            double sum = 0;
            for (int u = 0; u < used; u++) sum += (double)weights.Floats[t * used + u] * x.Floats[(t * used + u) * size + i];
            output.Floats[t * size + i] = (float)sum;
        }
    }

    /// <inheritdoc/>
    public virtual void GatherRows(Tensor x, Tensor rows, Tensor output)
    {
        Ops.CheckGatherRows(x, rows, output);
        int size = x.Shape[1];
        for (int w = 0; w < rows.Shape[0]; w++)
        {
            int row = Ops.CheckIndex("GatherRows: row", rows.Ints[w], x.Shape[0]);
            x.Floats.Slice(row * size, size).CopyTo(output.Floats.Slice(w * size, size));
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>One query against all that it sees: <c>output = Σ_s softmax_s(scale · q · k_s) · v_s</c>, the scores soft-capped where the options say so. The hook for a learner's own attention: no pages, no
    /// batch, no grouping. notebooks/06-attention.ipynb, exercise 6.3.</summary>
    /// <param name="query">[D].</param>
    /// <param name="keys">[S, D], row-major, S at least 1.</param>
    /// <param name="values">[S, D].</param>
    /// <param name="options">The scale and the cap; the window is done with: only what the query sees is here.</param>
    /// <param name="output">[D], holds anything before.</param>
    protected internal virtual void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
        AttentionOptions options, Span<float> output)
    {
        int size = query.Length, seen = keys.Length / size;
        double[] weights = new double[seen]; // [S]
        double max = double.NegativeInfinity, sum = 0;
        for (int s = 0; s < seen; s++)
        {
            double score = 0;
            for (int i = 0; i < size; i++) score += (double)query[i] * keys[s * size + i];
            weights[s] = score * options.Scale;
            if (options.SoftCap > 0) weights[s] = options.SoftCap * PortableMath.Tanh(weights[s] / options.SoftCap);
            max = Math.Max(max, weights[s]);
        }
        for (int s = 0; s < seen; s++) sum += weights[s] = PortableMath.Exp(weights[s] - max); // minus the max: exp cannot overflow
        for (int i = 0; i < size; i++)
        {
            double mixed = 0;
            for (int s = 0; s < seen; s++) mixed += weights[s] * values[s * size + i];
            output[i] = (float)(mixed / sum);
        }
    }

    /// <summary>
    /// One row of RMSNorm: <c>output_i = x_i / √(mean(x²) + ε) · weight_i</c>. The hook for a learner's own norm: notebooks/07-transformer-block.ipynb, exercise 7.1.
    /// </summary>
    /// <param name="x">[C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="output">[C]; may be x itself, and holds anything before.</param>
    protected internal virtual void NormRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> output)
    {
        double sumOfSquares = 0;
        foreach (float value in x) sumOfSquares += (double)value * value;
        double factor = 1 / Math.Sqrt(sumOfSquares / x.Length + epsilon);
        for (int i = 0; i < x.Length; i++) output[i] = (float)(x[i] * factor * weight[i]);
    }

    /// <summary>One head of RoPE, in place: pair i turns by <c>position · frequency_i</c>. The hook for a learner's own: notebooks/04-embeddings.ipynb, exercise 4.5.</summary>
    /// <param name="head">[D]; numbers without a pair stay.</param>
    /// <param name="position">Of the token.</param>
    /// <param name="options">Pairing, frequencies [R/2], factor.</param>
    protected internal virtual void RotateHead(Span<float> head, int position, RopeOptions options)
    {
        for (int pair = 0, pairs = options.Frequencies.Shape[0]; pair < pairs; pair++) // R/2
        {
            (int first, int second) = options.Pairing == RopePairing.Interleaved ? (2 * pair, 2 * pair + 1) : (pair, pair + pairs);
            double angle = (double)position * options.Frequencies.Floats[pair];
            double cos = options.Factor * PortableMath.Cos(angle), sin = options.Factor * PortableMath.Sin(angle);
            (head[first], head[second]) = ((float)(head[first] * cos - head[second] * sin), (float)(head[first] * sin + head[second] * cos));
        }
    }

    /// <summary>The dot product <c>Σ_i a_i b_i</c> that MatMul is made of.</summary>
    protected internal virtual float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return (float)sum;
    }

    private static void DecodeRow(Tensor table, int row, Span<float> values) => RowCodec.Decode(table.DType, table.RowSpan(row), values);
}
