// Solutions of notebooks/01-probability-and-entropy.ipynb. Each region is the whole cell that takes the place of the exercise's cell.

#region 1.1
float[] LogSoftmax(float[] logits)
{
    float max = logits.Max();                                    // so that no exponent is above 0
    double sum = logits.Sum(x => Math.Exp(x - max));             // at least 1: the maximum contributes e^0
    return logits.Select(x => (float)(x - max - Math.Log(sum))).ToArray();      // no probability, so none that underflows
}

Check.Run("1.1", LogSoftmax)
#endregion

#region 1.2
int Draw(float[] probabilities, double u)
{
    double sum = 0;
    int last = 0;
    for (int i = 0; i < probabilities.Length; i++)
    {
        if (probabilities[i] == 0) continue;                     // owns no piece of the line, not even a point
        sum += probabilities[i];
        if (u < sum) return i;
        last = i;
    }
    return last;                                                 // rounding left the sum below u: the last possible outcome owns the rest
}

Check.Run("1.2", Draw)
#endregion

#region 1.3
float[] CountBigrams(int[] ids, int vocabSize)
{
    float[] table = new float[vocabSize * vocabSize];            // [V, V]
    for (int i = 0; i + 1 < ids.Length; i++) table[ids[i] * vocabSize + ids[i + 1]]++;
    for (int a = 0; a < vocabSize; a++)
    {
        Span<float> row = table.AsSpan(a * vocabSize, vocabSize);
        float pairs = 0;
        foreach (float count in row) pairs += count;
        for (int b = 0; b < vocabSize; b++) row[b] = pairs > 0 ? row[b] / pairs : 1f / vocabSize;
    }
    return table;
}

Check.Run("1.3", CountBigrams)
#endregion

#region 1.4
double EntropyOfNext(int[] ids, int vocabSize)
{
    var pairs = ids.Zip(ids.Skip(1)).ToArray();
    double bits = 0;
    foreach (var row in pairs.GroupBy(pair => pair.First))       // the pairs that begin with one id; an id that begins none has no row
        foreach (var same in row.GroupBy(pair => pair.Second))
        {
            double share = (double)same.Count() / pairs.Length;  // the row's share of all pairs times P(b | a)
            bits -= share * Math.Log2((double)same.Count() / row.Count());
        }
    return bits;
}

Check.Run("1.4", EntropyOfNext)
#endregion

#region 1.5
float[] CrossEntropyGradient(float[] logits, int target)
{
    float[] gradient = Lab.Softmax(logits);                      // a new array: the logits stay as they are
    gradient[target] -= 1;                                       // prediction minus truth
    return gradient;
}

Check.Run("1.5", CrossEntropyGradient)
#endregion

#region 1.6
double LogSumExp(IEnumerable<float> logits)
{
    double max = double.NegativeInfinity, sum = 0;
    foreach (float x in logits)
    {
        if (float.IsNegativeInfinity(x)) continue;               // its term is 0, and ∞ − ∞ would be NaN
        double larger = Math.Max(max, x);
        sum = sum * Math.Exp(max - larger) + Math.Exp(x - larger);
        max = larger;
    }
    return max + Math.Log(sum);
}

Check.Run("1.6", LogSumExp)
#endregion

#region 1.7
double BitsPerByte(double[] probabilities, string text)
{
    double bits = 0;
    foreach (double x in probabilities) bits -= Math.Log2(x);    // logarithms first: a product would underflow
    return bits / Encoding.UTF8.GetByteCount(text);              // bytes, not characters and not tokens
}

Check.Run("1.7", BitsPerByte)
#endregion
