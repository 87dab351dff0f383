using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>The feed-forward network of a block: <c>down(f(up(x)))</c>, or with a gate <c>down(f(gate(x)) · up(x))</c> (Shazeer 2020).</summary>
public sealed class FeedForwardLayer
{
    private readonly LinearLayer? _gate;
    private readonly LinearLayer _up, _down;
    private readonly Activation _activation;

    /// <summary>Makes the layer.</summary>
    /// <param name="parameters">Takes "PREFIXgate", where there is one, "PREFIXup" and "PREFIXdown", each with SUFFIX, ".weight" and ".bias".</param>
    /// <param name="prefix">Of the names.</param>
    /// <param name="suffix">Of the names: ".3" for the fourth of several experts.</param>
    /// <param name="sizes">C, F and deviations.</param>
    /// <param name="hasGate">Whether there is a gate.</param>
    /// <param name="activation">f.</param>
    /// <param name="hasBias">Whether the matrices have biases.</param>
    public FeedForwardLayer(ParameterSet parameters, string prefix, string suffix, LayerSizes sizes, bool hasGate, Activation activation, bool hasBias)
    {
        (int size, int hidden) = (sizes.EmbeddingSize, sizes.FeedForwardSize);
        _gate = hasGate ? new LinearLayer(parameters, $"{prefix}gate{suffix}", size, hidden, hasBias, sizes.Deviation) : null;
        _up = new LinearLayer(parameters, $"{prefix}up{suffix}", size, hidden, hasBias, sizes.Deviation);
        _down = new LinearLayer(parameters, $"{prefix}down{suffix}", hidden, size, hasBias, sizes.OutputDeviation);
        _activation = activation;
    }

    /// <summary>[N, C] -> [N, C].</summary>
    public Variable Forward(ITape tape, Variable x)
    {
        Variable up = _up.Forward(tape, x); // [N, F]
        if (_gate is null) return _down.Forward(tape, tape.Activate(up, _activation));
        Variable gate = _gate.Forward(tape, x);
        Variable hidden = _activation == Activation.Silu ? tape.SiluMul(gate, up) : tape.Multiply(tape.Activate(gate, _activation), up);
        return _down.Forward(tape, hidden);
    }
}
