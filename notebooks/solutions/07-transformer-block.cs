// Solutions of notebooks/07-transformer-block.ipynb. Each region is the whole cell that takes the place of the exercise's cell.

#region 7.1
class MyBackend : ReferenceBackend
{
    protected override void NormRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> output)
    {
        float squares = 0;
        foreach (float value in x) squares += value * value;
        float size = MathF.Sqrt(squares / x.Length + epsilon);           // ε under the root: a row of zeros stays a row of zeros
        for (int i = 0; i < x.Length; i++) output[i] = x[i] / size * weight[i];
    }
}

Check.Run("7.1", new MyBackend())
#endregion

#region 7.2
float[] Block(float[] x, Func<float[], float[]> norm1, Func<float[], float[]> attention,
              Func<float[], float[]> norm2, Func<float[], float[]> feedForward)
{
    float[] Add(float[] a, float[] b) => a.Zip(b, (p, q) => p + q).ToArray();
    float[] middle = Add(x, attention(norm1(x)));                        // the parts read a normed copy; the stream itself is only added to
    return Add(middle, feedForward(norm2(middle)));
}

Check.Run("7.2", Block)
#endregion

#region 7.3
float[] FeedForward(float[] x, float[] gate, float[] up, float[] down)
{
    float[] Times(float[] weight, float[] v) => weight.Chunk(v.Length).Select(row => row.Zip(v, (w, i) => w * i).Sum()).ToArray();
    float[] hidden = Times(gate, x).Zip(Times(up, x), (g, u) => g / (1 + MathF.Exp(-g)) * u).ToArray();      // [F]
    return Times(down, hidden);                                          // [C]
}

Check.Run("7.3", FeedForward)
#endregion

#region 7.4
(int[] Experts, float[] Shares) Route(float[] logits, int used)
{
    int[] best = Enumerable.Range(0, logits.Length).OrderByDescending(e => logits[e]).Take(used).ToArray();  // OrderBy keeps equals in order
    return (best, Lab.Softmax(best.Select(e => logits[e]).ToArray()));   // over the chosen ones only
}

Check.Run("7.4", Route)
#endregion

#region 7.5
long ParameterCount(int V, int P, int C, int L)
{
    long c = C;                                                          // an int overflows from GPT-3 on
    long attention = 3 * c * c + 3 * c + c * c + c, network = 4 * c * c + 4 * c + 4 * c * c + c, norms = 2 * 2 * c;
    return V * c + P * c + L * (attention + network + norms) + 2 * c;
}

Check.Run("7.5", ParameterCount)
#endregion
