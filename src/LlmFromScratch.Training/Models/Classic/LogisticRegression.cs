using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Models.Classic;

/// <summary>The probability of a yes as <c>σ(w · x + b)</c>, learned by gradient descent on the cross-entropy (Cox 1958): a neuron and its loss.</summary>
/// <param name="inputSize">Values of an input.</param>
public sealed class LogisticRegression(int inputSize)
{
    private readonly double[] _weights = new double[inputSize];
    private double _bias;

    /// <summary>One weight an input.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>b.</summary>
    public double Bias => _bias;

    /// <summary><c>σ(w · x + b)</c>.</summary>
    public double Probability(ReadOnlySpan<double> x)
    {
        double sum = _bias;
        for (int i = 0; i < x.Length; i++) sum += _weights[i] * x[i];
        return 1 / (1 + PortableMath.Exp(-sum));
    }

    /// <summary>Takes steps against the gradient of the mean cross-entropy, <c>1/n · Σ (p - y) x</c>.</summary>
    /// <param name="samples">[n][inputSize].</param>
    /// <param name="targets">[n]: 0 or 1.</param>
    /// <param name="learningRate">Length of a step.</param>
    /// <param name="steps">How many.</param>
    /// <returns>The mean cross-entropy in nats before the last step.</returns>
    public double Descend(IReadOnlyList<double[]> samples, IReadOnlyList<int> targets, double learningRate, int steps)
    {
        double loss = double.NaN;
        for (int step = 0; step < steps; step++)
        {
            double[] gradient = new double[inputSize];
            double biasGradient = 0;
            loss = 0;
            for (int n = 0; n < samples.Count; n++)
            {
                double probability = Probability(samples[n]), error = (probability - targets[n]) / samples.Count;
                loss -= PortableMath.Log(targets[n] == 1 ? probability : 1 - probability) / samples.Count;
                for (int i = 0; i < inputSize; i++) gradient[i] += error * samples[n][i];
                biasGradient += error;
            }
            for (int i = 0; i < inputSize; i++) _weights[i] -= learningRate * gradient[i];
            _bias -= learningRate * biasGradient;
        }
        return loss;
    }
}
