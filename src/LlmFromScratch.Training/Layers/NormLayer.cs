using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>A norm with its weight, and its bias if it is a layer norm.</summary>
public sealed class NormLayer
{
    private readonly Variable _weight;
    private readonly Variable? _bias;
    private readonly float _epsilon;

    /// <summary>Makes the layer: weight 1, bias 0.</summary>
    /// <param name="parameters">Takes "NAME.weight" and "NAME.bias".</param>
    /// <param name="name">Of the layer.</param>
    /// <param name="kind">RMS norm or layer norm.</param>
    /// <param name="size">C.</param>
    /// <param name="epsilon">ε.</param>
    public NormLayer(ParameterSet parameters, string name, NormKind kind, int size, float epsilon)
    {
        _weight = parameters.Ones(name + ".weight", size);
        _bias = kind == NormKind.Layer ? parameters.Zeros(name + ".bias", size) : null;
        _epsilon = epsilon;
    }

    /// <summary>[N, C] -> [N, C].</summary>
    public Variable Forward(ITape tape, Variable x) =>
        _bias is null ? tape.RmsNorm(x, _weight, _epsilon) : tape.LayerNorm(x, _weight, _bias, _epsilon);
}
