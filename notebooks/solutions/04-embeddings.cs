// Solutions of notebooks/04-embeddings.ipynb. Each region is the whole cell that takes the place of the exercise's cell.

#region 4.1
float[] TableGradient(int[] ids, float[] gradient, int V, int C)
{
    float[] table = new float[V * C];
    for (int n = 0; n < ids.Length; n++)
        for (int i = 0; i < C; i++) table[ids[n] * C + i] += gradient[n * C + i];   // added: a row may have several readers
    return table;
}

Check.Run("4.1", TableGradient)
#endregion

#region 4.2
double Cosine(float[] a, float[] b)
{
    double dot = 0, aa = 0, bb = 0;                                      // doubles: the square of a large float is no float
    for (int i = 0; i < a.Length; i++) (dot, aa, bb) = (dot + (double)a[i] * b[i], aa + (double)a[i] * a[i], bb + (double)b[i] * b[i]);
    double lengths = Math.Sqrt(aa) * Math.Sqrt(bb);
    return lengths == 0 ? 0 : dot / lengths;
}

Check.Run("4.2", Cosine)
#endregion

#region 4.3
double PairLoss(float[] word, float[] neighbour, float[][] random)
{
    double Score(float[] other) => word.Zip(other, (w, o) => (double)w * o).Sum();
    double LogSigmoid(double z) => Math.Min(z, 0) - Math.Log(1 + Math.Exp(-Math.Abs(z)));   // the exponential is at most 1
    return -LogSigmoid(Score(neighbour)) - random.Sum(other => LogSigmoid(-Score(other)));
}

Check.Run("4.3", PairLoss)
#endregion

#region 4.4
double[] PositionCode(int position, int C)
{
    double[] code = new double[C];
    for (int i = 0; i < C / 2; i++)                                      // pairs
    {
        double angle = position / Math.Pow(10_000, 2.0 * i / C);
        (code[2 * i], code[2 * i + 1]) = (Math.Sin(angle), Math.Cos(angle));
    }
    return code;
}

Check.Run("4.4", PositionCode)
#endregion

#region 4.5
class MyBackend : ReferenceBackend
{
    protected override void RotateHead(Span<float> head, int position, RopeOptions options)
    {
        int pairs = options.Frequencies.Shape[0];
        for (int i = 0; i < pairs; i++)
        {
            (int first, int second) = options.Pairing == RopePairing.Half ? (i, i + pairs) : (2 * i, 2 * i + 1);
            (double sin, double cos) = Math.SinCos((double)position * options.Frequencies.Floats[i]);
            (head[first], head[second]) = ((float)(head[first] * cos - head[second] * sin), (float)(head[first] * sin + head[second] * cos));   // both from the old values
        }
    }
}

Check.Run("4.5", new MyBackend())
#endregion
