// Solutions of notebooks/05-before-attention.ipynb. Each region is the whole cell that takes the place of the exercise's cell.

#region 5.1
float[] Read(float[] x, float[] W, float[] U, float[] b)
{
    int C = b.Length, D = W.Length / C;
    float[] h = new float[C];
    List<float> states = new();
    foreach (float[] token in x.Chunk(D))
    {
        float[] next = new float[C];                                     // a new row: the old state is still being read
        for (int i = 0; i < C; i++)
        {
            float sum = b[i];
            for (int j = 0; j < D; j++) sum += W[i * D + j] * token[j];
            for (int j = 0; j < C; j++) sum += U[i * C + j] * h[j];
            next[i] = MathF.Tanh(sum);
        }
        h = next;
        states.AddRange(h);
    }
    return states.ToArray();
}

Check.Run("5.1", Read)
#endregion

#region 5.2
float[] GradientOfU(float[] states, float[] U, float[] last)
{
    int C = last.Length, T = states.Length / C - 1;
    float[] dh = last.ToArray(), dU = new float[C * C];
    for (int t = T; t >= 1; t--)
    {
        float[] delta = Enumerable.Range(0, C).Select(i => dh[i] * (1 - states[t * C + i] * states[t * C + i])).ToArray();
        for (int i = 0; i < C; i++)
            for (int j = 0; j < C; j++) dU[i * C + j] += delta[i] * states[(t - 1) * C + j];
        dh = Enumerable.Range(0, C).Select(j => Enumerable.Range(0, C).Sum(i => U[i * C + j] * delta[i])).ToArray();   // Uᵀ delta
    }
    return dU;
}

Check.Run("5.2", GradientOfU)
#endregion

#region 5.3
(float[] H, float[] C) LstmCell(float[] x, float[] h, float[] c, float[] W, float[] U, float[] b)
{
    int size = c.Length, inputs = x.Length;
    float Sum(int row) => b[row] + Enumerable.Range(0, inputs).Sum(j => W[row * inputs + j] * x[j]) + Enumerable.Range(0, size).Sum(j => U[row * size + j] * h[j]);
    float Gate(int row) => 1 / (1 + MathF.Exp(-Sum(row)));
    float[] cell = new float[size], shown = new float[size];
    for (int n = 0; n < size; n++)
    {
        float i = Gate(n), f = Gate(size + n), g = MathF.Tanh(Sum(2 * size + n)), o = Gate(3 * size + n);
        cell[n] = f * c[n] + i * g;
        shown[n] = o * MathF.Tanh(cell[n]);
    }
    return (shown, cell);
}

Check.Run("5.3", LstmCell)
#endregion

#region 5.4
(float[] Weights, float[] Context) LookBack(float[] query, float[] states, float[] Wq, float[] Wk, float[] v)
{
    int C = query.Length;
    float[] Times(float[] matrix, float[] x) => matrix.Chunk(C).Select(row => row.Zip(x, (a, b) => a * b).Sum()).ToArray();
    float[] asked = Times(Wq, query);                                    // the same for every state
    float[] scores = states.Chunk(C).Select(h => Times(Wk, h).Zip(asked, (k, q) => MathF.Tanh(q + k)).Zip(v, (bent, weight) => bent * weight).Sum()).ToArray();
    float[] weights = Lab.Softmax(scores), context = new float[C];
    for (int s = 0; s < weights.Length; s++)
        for (int i = 0; i < C; i++) context[i] += weights[s] * states[s * C + i];
    return (weights, context);
}

Check.Run("5.4", LookBack)
#endregion
