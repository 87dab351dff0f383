using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels;

/// <summary>Runs one operation on any backend over seeded inputs and brings the result to the host; the same sizes give the same inputs.</summary>
internal static class OpRuns
{
    /// <param name="rowsAtOnce">Rows of x a call: the result must not depend on it.</param>
    public static float[] MatMul(IBackend backend, DType dtype, int rows, int inSize, int outSize, int rowsAtOnce)
    {
        using Tensor weight = backend.LoadMatMulWeight(Weight(dtype, outSize, inSize));
        using Tensor x = Device(backend, Gaussians(rows * inSize, 1), new Shape(rows, inSize)), y = backend.Allocate(new Shape(rows, outSize));
        for (int t = 0; t < rows; t += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, rows - t);
            backend.MatMul(x.Slice(t, count), weight, y.Slice(t, count));
        }
        return Host(backend, y);
    }

    public static float[] RmsNorm(IBackend backend, int rows, int size)
    {
        using Tensor x = Device(backend, Gaussians(rows * size, 2), new Shape(rows, size));
        using Tensor weight = Device(backend, Gaussians(size, 3), new Shape(size));
        backend.RmsNorm(x, weight, 1e-5f, x);
        return Host(backend, x);
    }

    public static float[] LayerNorm(IBackend backend, int rows, int size)
    {
        float[] values = [.. Gaussians(rows * size, 2).Select(value => 3 * value + 100)]; // far from 0, so that the mean must really be taken away
        using Tensor x = Device(backend, values, new Shape(rows, size));
        using Tensor weight = Device(backend, Gaussians(size, 3), new Shape(size)), bias = Device(backend, Gaussians(size, 15), new Shape(size));
        backend.LayerNorm(x, weight, bias, 1e-5f, x);
        return Host(backend, x);
    }

    public static float[] AddBias(IBackend backend, int rows, int size)
    {
        using Tensor x = Device(backend, Gaussians(rows * size, 7), new Shape(rows, size)), bias = Device(backend, Gaussians(size, 8), new Shape(size));
        backend.AddBias(x, bias);
        return Host(backend, x);
    }

    /// <summary>Runs an operation of one tensor in place over values of up to about ±30.</summary>
    public static float[] Map(IBackend backend, int rows, int size, Action<Tensor> run)
    {
        using Tensor x = Device(backend, [.. Gaussians(rows * size, 5).Select(value => 8 * value)], new Shape(rows, size));
        run(x);
        return Host(backend, x);
    }

    /// <summary>The ids of the experts and then their weights.</summary>
    public static float[] RouteExperts(IBackend backend, int rows, int expertCount, int used)
    {
        float[] values = [.. Gaussians(rows * expertCount, 16).Select(value => MathF.Round(4 * value) / 2)]; // halves, so that there are ties
        using Tensor logits = Device(backend, values, new Shape(rows, expertCount)), weights = backend.Allocate(new Shape(rows, used));
        using Tensor experts = backend.Allocate(new Shape(rows, used), DType.I32);
        backend.RouteExperts(logits, experts, weights);
        int[] ids = new int[rows * used];
        backend.Download<int>(experts, ids);
        return [.. ids.Select(id => (float)id), .. Host(backend, weights)];
    }

    /// <param name="rowsAtOnce">Rows of x a call: the result must not depend on it.</param>
    /// <param name="inputPerExpert">Whether each expert of a row has an input of its own.</param>
    public static float[] ExpertMatMul(IBackend backend, DType dtype, int rows, int inSize, int outSize, int rowsAtOnce, bool inputPerExpert)
    {
        const int expertCount = 5, used = 3;
        Tensor all = Weight(dtype, expertCount * outSize, inSize);
        using Tensor weight = backend.LoadMatMulWeight(all.Reshape(expertCount, outSize, inSize));
        Shape inputs = inputPerExpert ? new Shape(rows, used, inSize) : new Shape(rows, inSize);
        using Tensor x = Device(backend, Gaussians((int)inputs.Count, 1), inputs), y = backend.Allocate(new Shape(rows, used, outSize));
        using Tensor experts = backend.Allocate(new Shape(rows, used), DType.I32);
        backend.Upload<int>([.. Enumerable.Range(0, rows * used).Select(slot => (slot / used * 2 + slot % used) % expertCount)], experts);
        for (int t = 0; t < rows; t += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, rows - t);
            backend.ExpertMatMul(x.Slice(t, count), weight, experts.Slice(t, count), y.Slice(t, count));
        }
        return Host(backend, y);
    }

    public static float[] MixExperts(IBackend backend, int rows, int used, int size)
    {
        using Tensor x = Device(backend, Gaussians(rows * used * size, 17), new Shape(rows, used, size));
        using Tensor weights = Device(backend, Gaussians(rows * used, 18), new Shape(rows, used)), output = backend.Allocate(new Shape(rows, size));
        backend.MixExperts(x, weights, output);
        return Host(backend, output);
    }

    public static float[] Rope(IBackend backend, RopePairing pairing, int heads, int size, params int[] positions) =>
        Rope(backend, pairing, heads, size, size, 1, positions);

    /// <param name="rotated">How many values of a head turn.</param>
    /// <param name="factor">What cosine and sine are multiplied by.</param>
    public static float[] Rope(IBackend backend, RopePairing pairing, int heads, int size, int rotated, float factor, params int[] positions)
    {
        float[] frequencies = Enumerable.Range(0, rotated / 2).Select(i => (float)PortableMath.Pow(10000, -2.0 * i / rotated)).ToArray();
        using Tensor x = Device(backend, Gaussians(positions.Length * heads * size, 4), new Shape(positions.Length, heads, size));
        using Tensor at = backend.Allocate(new Shape(positions.Length), DType.I32);
        backend.Upload<int>(positions, at);
        using Tensor frequency = Device(backend, frequencies, new Shape(rotated / 2));
        backend.Rope(x, at, new RopeOptions(pairing, frequency, factor));
        return Host(backend, x);
    }

    public static float[] SiluMul(IBackend backend, int rows, int size)
    {
        using Tensor gate = Device(backend, [.. Gaussians(rows * size, 5).Select(value => 8 * value)], new Shape(rows, size));
        using Tensor up = Device(backend, Gaussians(rows * size, 6), new Shape(rows, size));
        backend.SiluMul(gate, up, gate);
        return Host(backend, gate);
    }

    public static float[] Add(IBackend backend, int rows, int size)
    {
        using Tensor a = Device(backend, Gaussians(rows * size, 7), new Shape(rows, size)), b = Device(backend, Gaussians(rows * size, 8), new Shape(rows, size));
        backend.Add(a, b, b);
        return Host(backend, b);
    }

    public static float[] Embed(IBackend backend, DType dtype, int size, params int[] ids)
    {
        using Tensor table = backend.Load(Weight(dtype, 17, size)), output = backend.Allocate(new Shape(ids.Length, size));
        using Tensor at = backend.Allocate(new Shape(ids.Length), DType.I32);
        backend.Upload<int>(ids, at);
        backend.Embed(table, at, output);
        return Host(backend, output);
    }

    public static float[] GatherRows(IBackend backend, int size, params int[] rows)
    {
        using Tensor x = Device(backend, Gaussians(9 * size, 9), new Shape(9, size)), output = backend.Allocate(new Shape(rows.Length, size));
        using Tensor at = backend.Allocate(new Shape(rows.Length), DType.I32);
        backend.Upload<int>(rows, at);
        backend.GatherRows(x, at, output);
        return Host(backend, output);
    }

    /// <summary>Fills the cache with sequences of the given lengths and attends from every position.</summary>
    /// <param name="rowsAtOnce">Rows a call: all for a prompt in one piece, 1 for token by token.</param>
    public static float[] Attention(IBackend backend, int heads, int kvHeads, int size, int blockSize, int rowsAtOnce, DType cacheType, params int[] lengths) =>
        Attention(backend, heads, kvHeads, size, blockSize, rowsAtOnce, cacheType, new AttentionOptions(1 / MathF.Sqrt(size)), lengths);

    /// <inheritdoc cref="Attention(IBackend, int, int, int, int, int, DType, int[])"/>
    public static float[] Attention(IBackend backend, int heads, int kvHeads, int size, int blockSize, int rowsAtOnce, DType cacheType, AttentionOptions options,
        params int[] lengths)
    {
        int rows = lengths.Sum(), blocksPerSequence = (lengths.Max() + blockSize - 1) / blockSize, blockCount = lengths.Length * blocksPerSequence;
        using Tensor query = Device(backend, Gaussians(rows * heads * size, 10), new Shape(rows, heads, size));
        using Tensor keys = Device(backend, Gaussians(rows * kvHeads * size, 11), new Shape(rows, kvHeads, size));
        using Tensor values = Device(backend, Gaussians(rows * kvHeads * size, 12), new Shape(rows, kvHeads, size));
        using Tensor output = backend.Allocate(query.Shape);
        Shape cache = new(blockCount, blockSize, kvHeads * size);
        using Tensor cachedKeys = backend.Allocate(cache, cacheType), cachedValues = backend.Allocate(cache, cacheType);
        KvPages pages = new(cachedKeys, cachedValues, kvHeads);
        using ForwardBatch batch = new(backend, rows, lengths.Length, blocksPerSequence);
        for (int sequence = 0; sequence < lengths.Length; sequence++) // pages in reverse, so that a kernel which ignores the table is caught
            batch.SetBlocks(sequence, [.. Enumerable.Range(0, blocksPerSequence).Select(block => blockCount - 1 - block * lengths.Length - sequence)]);
        (int Sequence, int Position)[] all = [.. lengths.SelectMany((length, sequence) => Enumerable.Range(0, length).Select(position => (sequence, position)))];
        for (int t = 0; t < rows; t += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, rows - t);
            batch.Clear();
            foreach ((int sequence, int position) in all.AsSpan(t, count)) batch.Add(0, position, sequence, wantLogits: false);
            batch.Commit();
            backend.WriteKv(keys.Slice(t, count), values.Slice(t, count), pages, batch);
            backend.Attention(query.Slice(t, count), pages, batch, options, output.Slice(t, count));
        }
        return Host(backend, output);
    }

    /// <summary>A seeded host weight of any type.</summary>
    public static Tensor Weight(DType dtype, int rows, int size)
    {
        if (dtype.BlockSize() > 1 && dtype != DType.Q8_0) return RandomBlocks.Weight(dtype, rows, size, seed: 13);
        Tensor weight = Tensor.Zeros(new Shape(rows, size), dtype);
        float[] values = Gaussians(rows * size, 13);
        for (int row = 0; row < rows; row++)
            RowCodec.Encode(dtype, values.AsSpan(row * size, size), weight.Bytes.Slice((int)(row * weight.RowBytes), (int)weight.RowBytes));
        return weight;
    }

    public static float[] Gaussians(int count, ulong seed)
    {
        SeededRandom random = new(seed);
        return Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian()).ToArray();
    }

    private static Tensor Device(IBackend backend, float[] values, Shape shape)
    {
        Tensor tensor = backend.Allocate(shape);
        backend.Upload<float>(values, tensor);
        return tensor;
    }

    private static float[] Host(IBackend backend, Tensor tensor)
    {
        float[] values = new float[tensor.Shape.Count];
        backend.Download<float>(tensor, values);
        return values;
    }
}
