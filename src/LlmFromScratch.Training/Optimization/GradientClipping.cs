using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Optimization;

/// <summary>Keeps one bad batch from throwing the weights far away (Pascanu et al. 2013).</summary>
public static class GradientClipping
{
    internal const double Guard = 1e-6; // as PyTorch's clip_grad_norm_: keeps the quotient finite

    /// <summary>Scales all gradients by <c>min(1, maxNorm / norm)</c>, where norm is the length of all of them as one vector.</summary>
    /// <param name="parameters">The weights whose gradients are scaled.</param>
    /// <param name="maxNorm">The longest gradient to keep, above 0.</param>
    /// <returns>The norm before; NaN or infinite if any gradient is, and then nothing is scaled.</returns>
    public static double ClipGlobalNorm(IReadOnlyList<Variable> parameters, double maxNorm)
    {
        double squares = 0;
        for (int i = 0; i < parameters.Count; i++) squares += Elementwise.SumOfSquares(parameters[i].Gradient); // foreach would allocate
        double norm = Math.Sqrt(squares), factor = maxNorm / (norm + Guard);
        if (!double.IsFinite(norm) || factor >= 1) return norm;
        for (int i = 0; i < parameters.Count; i++) Elementwise.Scale((float)factor, parameters[i].Gradient, parameters[i].Gradient);
        return norm;
    }
}
