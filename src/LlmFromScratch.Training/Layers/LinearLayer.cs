using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary><c>y = x · Wᵀ + b</c>, with or without b.</summary>
public sealed class LinearLayer
{
    /// <summary>Makes the layer: a normal weight, a bias of zeros.</summary>
    /// <param name="parameters">Takes "NAME.weight" and "NAME.bias".</param>
    /// <param name="name">Of the layer.</param>
    /// <param name="inputSize">Values of an input row.</param>
    /// <param name="outputSize">Values of an output row.</param>
    /// <param name="hasBias">Whether there is a b.</param>
    /// <param name="deviation">Of the weight's values.</param>
    public LinearLayer(ParameterSet parameters, string name, int inputSize, int outputSize, bool hasBias, double deviation)
    {
        Weight = parameters.Normal(name + ".weight", new Shape(outputSize, inputSize), deviation);
        Bias = hasBias ? parameters.Zeros(name + ".bias", outputSize) : null;
    }

    /// <summary>[out, in].</summary>
    public Variable Weight { get; }

    /// <summary>[out], or null.</summary>
    public Variable? Bias { get; }

    /// <summary>[N, in] -> [N, out].</summary>
    public Variable Forward(ITape tape, Variable x) => tape.Linear(x, Weight, Bias);
}
