using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>The weights of a model in the order in which its layers ask for them, drawn from one seed: the same seed gives the same weights everywhere.</summary>
/// <param name="seed">Of the random weights.</param>
public sealed class ParameterSet(ulong seed)
{
    private readonly SeededRandom _random = new(seed);
    private readonly List<Variable> _parameters = [];

    /// <summary>All weights.</summary>
    public IReadOnlyList<Variable> All => _parameters;

    /// <summary>The weight with this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Variable this[string name] => _parameters.Find(parameter => parameter.Name == name)
        ?? throw new ArgumentException(
            $"ParameterSet: there is no weight {name}; there are {string.Join(", ", _parameters.Take(8).Select(parameter => parameter.Name))} ...");

    /// <summary>Adds a weight of normal random values with this deviation.</summary>
    public Variable Normal(string name, Shape shape, double deviation)
    {
        Variable weight = Add(name, shape);
        foreach (ref float value in weight.Data) value = (float)(deviation * _random.NextGaussian());
        return weight;
    }

    /// <summary>Adds a weight uniform in [-bound, bound).</summary>
    public Variable Uniform(string name, Shape shape, double bound)
    {
        Variable weight = Add(name, shape);
        foreach (ref float value in weight.Data) value = (float)(bound * (2 * _random.NextDouble() - 1));
        return weight;
    }

    /// <summary>Adds a weight of ones: a norm's.</summary>
    public Variable Ones(string name, int size)
    {
        Variable weight = Add(name, new Shape(size));
        weight.Data.Fill(1);
        return weight;
    }

    /// <summary>Adds a weight of zeros: a bias.</summary>
    public Variable Zeros(string name, int size) => Add(name, new Shape(size));

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        foreach (Variable parameter in _parameters) parameter.ZeroGradient();
    }

    private Variable Add(string name, Shape shape)
    {
        Variable weight = new(name, shape);
        _parameters.Add(weight);
        return weight;
    }
}
