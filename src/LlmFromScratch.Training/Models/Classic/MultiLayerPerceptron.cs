using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models.Classic;

/// <summary>
/// Layers of neurons over <see cref="Value"/>, one number at a time: what a deep net is, before tensors make it fast. Hidden layers bend with tanh, the last
/// is a plain sum.
/// </summary>
public sealed class MultiLayerPerceptron
{
    private readonly Value[][][] _layers; // [layer][neuron][inputs + 1]: the last is the bias

    /// <summary>Makes random weights of deviation <c>1/√inputs</c>.</summary>
    /// <param name="sizes">Inputs, then the neurons of each layer: 2, 4, 1.</param>
    /// <param name="seed">Of the weights.</param>
    public MultiLayerPerceptron(IReadOnlyList<int> sizes, ulong seed)
    {
        if (sizes.Count < 2 || sizes.Any(size => size < 1)) throw new ArgumentException(
            $"MultiLayerPerceptron: the sizes are {string.Join(", ", sizes)}; expected the inputs and at least one layer, each at least 1.", nameof(sizes));
        SeededRandom random = new(seed);
        _layers = new Value[sizes.Count - 1][][];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            int inputs = sizes[layer];
            _layers[layer] = new Value[sizes[layer + 1]][];
            for (int neuron = 0; neuron < sizes[layer + 1]; neuron++)
            {
                _layers[layer][neuron] = new Value[inputs + 1];
                for (int i = 0; i <= inputs; i++)
                    _layers[layer][neuron][i] = new Value(i == inputs ? 0 : random.NextGaussian() / Math.Sqrt(inputs), $"w{layer}.{neuron}.{i}");
            }
        }
        Parameters = [.. _layers.SelectMany(layer => layer).SelectMany(neuron => neuron)];
    }

    /// <summary>All weights and biases.</summary>
    public IReadOnlyList<Value> Parameters { get; }

    /// <summary>The outputs for some inputs.</summary>
    public Value[] Forward(IReadOnlyList<double> inputs)
    {
        Value[] x = [.. inputs.Select(input => new Value(input, "x"))];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            bool isLast = layer == _layers.Length - 1;
            Value[] next = new Value[_layers[layer].Length];
            for (int neuron = 0; neuron < next.Length; neuron++)
            {
                Value[] weights = _layers[layer][neuron];
                Value sum = weights[^1];
                for (int i = 0; i < x.Length; i++) sum += weights[i] * x[i];
                next[neuron] = isLast ? sum : sum.Tanh();
            }
            x = next;
        }
        return x;
    }

    /// <summary>One step of gradient descent on the mean squared error of one output.</summary>
    /// <param name="samples">[n][inputs].</param>
    /// <param name="targets">[n].</param>
    /// <param name="learningRate">Length of the step.</param>
    /// <returns>The error before the step.</returns>
    public double Step(IReadOnlyList<double[]> samples, IReadOnlyList<double> targets, double learningRate)
    {
        Value loss = 0;
        for (int n = 0; n < samples.Count; n++)
        {
            Value error = Forward(samples[n])[0] - targets[n];
            loss += error * error / samples.Count;
        }
        foreach (Value parameter in Parameters) parameter.Gradient = 0;
        loss.Backward();
        foreach (Value parameter in Parameters) parameter.Data -= learningRate * parameter.Gradient;
        return loss.Data;
    }
}
