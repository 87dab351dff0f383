namespace LlmFromScratch.Training.Models.Classic;

/// <summary>
/// Rosenblatt's learning rule: a neuron that answers 0 or 1 moves its weights only when it is wrong, by the input itself. It finds a separating line in
/// finitely many moves if there is one, and never stops if there is none (Rosenblatt 1958; Novikoff 1962).
/// </summary>
/// <param name="inputSize">Values of an input.</param>
public sealed class Perceptron(int inputSize)
{
    private readonly double[] _weights = new double[inputSize];

    /// <summary>One weight an input.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The threshold's negative.</summary>
    public double Bias { get; private set; }

    /// <summary>1 if <c>w · x + b > 0</c>, else 0.</summary>
    public int Predict(ReadOnlySpan<double> x)
    {
        if (x.Length != inputSize) throw new ArgumentException($"Perceptron: the input has {x.Length} values; expected {inputSize}.", nameof(x));
        double sum = Bias;
        for (int i = 0; i < x.Length; i++) sum += _weights[i] * x[i];
        return sum > 0 ? 1 : 0;
    }

    /// <summary>Learns one sample: <c>w += (target - answer) · x</c>.</summary>
    /// <returns>Whether the answer was wrong.</returns>
    public bool Learn(ReadOnlySpan<double> x, int target)
    {
        int error = target - Predict(x);
        for (int i = 0; i < x.Length; i++) _weights[i] += error * x[i];
        Bias += error;
        return error != 0;
    }

    /// <summary>Goes over the samples until all answers are right.</summary>
    /// <param name="samples">[n][inputSize].</param>
    /// <param name="targets">[n]: 0 or 1.</param>
    /// <param name="maxRounds">When to give up.</param>
    /// <returns>How many moves it took, or null if it gave up: there may be no separating line.</returns>
    public int? Fit(IReadOnlyList<double[]> samples, IReadOnlyList<int> targets, int maxRounds)
    {
        int moves = 0;
        for (int round = 0; round < maxRounds; round++)
        {
            int wrong = 0;
            for (int i = 0; i < samples.Count; i++)
                if (Learn(samples[i], targets[i])) wrong++;
            moves += wrong;
            if (wrong == 0) return moves;
        }
        return null;
    }
}
