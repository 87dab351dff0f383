using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019): each weight moves by its mean gradient over the root of its mean squared gradient, and matrices fade a
/// little, apart from the gradient (decoupled decay). Variables of one axis (norms) do not fade.
/// </summary>
public sealed class AdamW
{
    private readonly AdamWSettings _settings;
    private readonly IReadOnlyList<Variable> _parameters;
    private readonly float[][] _means, _squares; // m and v of each parameter

    /// <summary>Starts with means of zero.</summary>
    /// <param name="parameters">The weights to move.</param>
    /// <param name="settings">The constants.</param>
    public AdamW(IReadOnlyList<Variable> parameters, AdamWSettings settings)
    {
        _parameters = parameters;
        _settings = settings;
        _means = [.. parameters.Select(parameter => new float[parameter.Shape.Count])];
        _squares = [.. parameters.Select(parameter => new float[parameter.Shape.Count])];
    }

    /// <summary>t: how many steps were made.</summary>
    public int StepCount { get; internal set; }

    /// <summary>
    /// Moves every weight: <c>w = w (1 - rate · decay) - rate · m̂ / (√v̂ + ε)</c> with the bias-corrected <c>m̂ = m / (1 - β₁^t)</c> and
    /// <c>v̂ = v / (1 - β₂^t)</c>.
    /// </summary>
    /// <param name="learningRate">rate, of this step.</param>
    public void Step(float learningRate)
    {
        StepCount++;
        double meanCorrection = 1 - PortableMath.Pow(_settings.Beta1, StepCount), squareCorrection = 1 - PortableMath.Pow(_settings.Beta2, StepCount);
        float rate = (float)(learningRate / meanCorrection), rootCorrection = (float)(1 / Math.Sqrt(squareCorrection));
        for (int i = 0; i < _parameters.Count; i++)
        {
            Variable parameter = _parameters[i];
            float decay = parameter.Shape.Rank > 1 ? _settings.WeightDecay : 0;
            AdamWUpdate.Step(parameter.Data, parameter.Gradient, _means[i], _squares[i],
                _settings.Beta1, _settings.Beta2, _settings.Epsilon, rate, rootCorrection, 1 - learningRate * decay);
        }
    }

    /// <summary>The state of one parameter, for checkpoints: m and v.</summary>
    internal (float[] Mean, float[] Square) State(int parameter) => (_means[parameter], _squares[parameter]);
}
