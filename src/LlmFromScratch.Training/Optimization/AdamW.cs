using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019): each weight moves by its mean gradient over the root of its mean squared gradient, and matrices fade a
/// little, apart from the gradient (decoupled decay). Variables of one axis (norms, biases) do not fade. Without decay it is Adam (Kingma and Ba 2015).
/// </summary>
/// <param name="parameters">The weights to move.</param>
/// <param name="settings">The constants.</param>
public sealed class AdamW(IReadOnlyList<Variable> parameters, AdamWSettings settings) : Optimizer(parameters, _ => StateCount)
{
    internal const int StateCount = 2; // m and v

    /// <summary>
    /// <c>w = w (1 - rate · decay) - rate · m̂ / (√v̂ + ε)</c> with the bias-corrected <c>m̂ = m / (1 - β₁^t)</c> and <c>v̂ = v / (1 - β₂^t)</c>.
    /// </summary>
    /// <inheritdoc/>
    protected override void Update(Variable parameter, float[][] state, float learningRate) => Update(settings, StepCount, parameter, state, learningRate);

    internal static void Update(AdamWSettings settings, int stepCount, Variable parameter, float[][] state, float learningRate)
    {
        double meanCorrection = 1 - PortableMath.Pow(settings.Beta1, stepCount), squareCorrection = 1 - PortableMath.Pow(settings.Beta2, stepCount);
        float rate = (float)(learningRate / meanCorrection), rootCorrection = (float)(1 / Math.Sqrt(squareCorrection));
        float decay = Decays(parameter) ? settings.WeightDecay : 0;
        AdamWUpdate.Step(parameter.Data, parameter.Gradient, state[0], state[1],
            settings.Beta1, settings.Beta2, settings.Epsilon, rate, rootCorrection, 1 - learningRate * decay);
    }
}
