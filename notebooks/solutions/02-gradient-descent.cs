// Solutions of notebooks/02-gradient-descent.ipynb. Each region is the whole cell that takes the place of the exercise's cell.

#region 2.1
(double[] Weights, double Bias) Correct(double[] weights, double bias, double[] x, int target)
{
    double sum = weights.Zip(x, (w, v) => w * v).Sum() + bias;
    int error = target - (sum > 0 ? 1 : 0);                              // 0 when it was right: then nothing moves
    return (weights.Zip(x, (w, v) => w + error * v).ToArray(), bias + error);
}

Check.Run("2.1", Correct)
#endregion

#region 2.2
double[] NumericGradient(Func<double[], double> f, double[] x)
{
    const double h = 1e-5;
    double[] gradient = new double[x.Length];
    for (int i = 0; i < x.Length; i++)
    {
        double[] plus = x.ToArray(), minus = x.ToArray();                // copies: x stays as it was
        plus[i] += h;
        minus[i] -= h;
        gradient[i] = (f(plus) - f(minus)) / (2 * h);
    }
    return gradient;
}

Check.Run("2.2", NumericGradient)
#endregion

#region 2.3
double[] Gradients(double[] leaves, (char Op, int A, int B)[] steps)
{
    List<double> numbers = new(leaves);
    foreach (var (op, a, b) in steps) numbers.Add(op == '+' ? numbers[a] + numbers[b] : numbers[a] * numbers[b]);

    double[] gradients = new double[numbers.Count];
    gradients[^1] = 1;                                                   // the slope of the result by itself
    for (int s = steps.Length - 1; s >= 0; s--)                          // a step passes on only what has come back to it
    {
        var (op, a, b) = steps[s];
        double own = gradients[leaves.Length + s];
        gradients[a] += own * (op == '+' ? 1 : numbers[b]);              // +=: a number may be used more than once
        gradients[b] += own * (op == '+' ? 1 : numbers[a]);
    }
    return gradients;
}

Check.Run("2.3", Gradients)
#endregion

#region 2.4
double[] AdamSteps(double weight, double[] gradients, double rate, double beta1, double beta2, double epsilon, double decay)
{
    double m = 0, v = 0;
    double[] weights = new double[gradients.Length];
    for (int t = 1; t <= gradients.Length; t++)
    {
        double g = gradients[t - 1];
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        double mHat = m / (1 - Math.Pow(beta1, t)), vHat = v / (1 - Math.Pow(beta2, t));   // both began at zero
        weight = weight * (1 - rate * decay) - rate * mHat / (Math.Sqrt(vHat) + epsilon);
        weights[t - 1] = weight;
    }
    return weights;
}

Check.Run("2.4", AdamSteps)
#endregion

#region 2.5
(int[] Input, int[] Targets) Example(int[] tokens, int start, int length)
{
    int[] targets = Enumerable.Range(start + 1, length).Select(i => i < tokens.Length ? tokens[i] : -1).ToArray();
    return (tokens[start..(start + length)], targets);
}

Check.Run("2.5", Example)
#endregion
