// Solutions of notebooks/06-attention.ipynb. Each region is the whole cell that takes the place of the exercise's cell.

#region 6.1
float[] Weights(float[] queries, float[] keys, int size) =>
    queries.Chunk(size)                                              // [T] rows of [D]
        .Select(query => keys.Chunk(size).Select(key => Dot(query, key)).ToArray())
        .SelectMany(scores => Lab.Softmax(scores))                   // each row by itself
        .ToArray();

Check.Run("6.1", Weights)
#endregion

#region 6.2
float[] CausalWeights(float[] scores, int T, int S)
{
    float[] weights = new float[T * S];                              // zeros: what may not be seen
    for (int t = 0; t < T; t++)
    {
        int seen = S - T + t + 1;                                    // row t stands at position S - T + t and sees itself
        Lab.Softmax(scores[(t * S)..(t * S + seen)]).CopyTo(weights, t * S);
    }
    return weights;
}

Check.Run("6.2", CausalWeights)
#endregion

#region 6.3
class MyBackend : ReferenceBackend
{
    protected override void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
                                       AttentionOptions options, Span<float> output)
    {
        int D = query.Length, S = keys.Length / D;
        float[] weights = new float[S];
        float max = float.NegativeInfinity, sum = 0;
        for (int s = 0; s < S; s++)
        {
            float score = 0;
            for (int i = 0; i < D; i++) score += query[i] * keys[s * D + i];
            weights[s] = score * options.Scale;
            max = MathF.Max(max, weights[s]);
        }
        for (int s = 0; s < S; s++) sum += weights[s] = MathF.Exp(weights[s] - max);      // at most 1: cannot overflow
        output.Clear();                                              // it may hold what the last call left
        for (int s = 0; s < S; s++)
            for (int i = 0; i < D; i++) output[i] += weights[s] / sum * values[s * D + i];
    }
}

Check.Run("6.3", new MyBackend())
#endregion

#region 6.4
float[] GroupedHeads(float[] query, float[] keys, float[] values, int H, int K, int D)
{
    float[] Head(float[] cache, int g) => cache.Chunk(D).Where((_, n) => n % K == g).SelectMany(row => row).ToArray();      // [S, K, D] -> [S, D]
    return Enumerable.Range(0, H).SelectMany(h =>
    {
        int g = h / (H / K);                                         // neighbours share
        return Lab.Attend(query[(h * D)..((h + 1) * D)], Head(keys, g), Head(values, g));
    }).ToArray();
}

Check.Run("6.4", GroupedHeads)
#endregion

#region 6.5
(double Max, double Sum, double[] Mixed) Merge((double Max, double Sum, double[] Mixed) a, (double Max, double Sum, double[] Mixed) b)
{
    double max = Math.Max(a.Max, b.Max);
    double fromA = Math.Exp(a.Max - max), fromB = Math.Exp(b.Max - max);      // of an empty part: e^-∞ = 0
    return (max, a.Sum * fromA + b.Sum * fromB, a.Mixed.Zip(b.Mixed, (x, y) => x * fromA + y * fromB).ToArray());
}

Check.Run("6.5", Merge)
#endregion
