using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Optimization;

/// <summary>
/// Stochastic gradient descent (Robbins and Monro 1951), with momentum if asked: a velocity adds up past gradients and the weights follow it
/// (Polyak 1964). The form is PyTorch's: the learning rate stands outside of the velocity.
/// </summary>
/// <param name="parameters">The weights to move.</param>
/// <param name="momentum">μ in [0, 1): how much of the velocity stays; 0 is plain gradient descent.</param>
public sealed class Sgd(IReadOnlyList<Variable> parameters, float momentum = 0) : Optimizer(parameters, _ => momentum == 0 ? 0 : 1)
{
    /// <summary><c>velocity = μ · velocity + gradient</c>, <c>w = w - rate · velocity</c>.</summary>
    /// <inheritdoc/>
    protected override void Update(Variable parameter, float[][] state, float learningRate)
    {
        Span<float> weights = parameter.Data, gradient = parameter.Gradient;
        if (state.Length == 0)
        {
            for (int i = 0; i < weights.Length; i++) weights[i] -= learningRate * gradient[i];
            return;
        }
        Span<float> velocity = state[0];
        for (int i = 0; i < weights.Length; i++)
        {
            velocity[i] = momentum * velocity[i] + gradient[i];
            weights[i] -= learningRate * velocity[i];
        }
    }
}
