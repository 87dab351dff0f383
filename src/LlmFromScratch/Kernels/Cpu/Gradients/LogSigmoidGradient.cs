using LlmFromScratch.Numerics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary><c>log σ(x)</c> and its gradient, value by value in double: it stands at the end of preference losses, where there are few values.</summary>
internal static class LogSigmoidGradient
{
    /// <summary><c>y = min(x, 0) - log(1 + e^-|x|)</c>: the power is at most 1 and cannot overflow; both [n].</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++) y[i] = (float)(Math.Min(x[i], 0) - PortableMath.Log(1 + PortableMath.Exp(-Math.Abs(x[i]))));
    }

    /// <summary><c>xGrad = yGrad · σ(-x)</c>, or added; all [n].</summary>
    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> yGrad, Span<float> xGrad, bool accumulate)
    {
        for (int i = 0; i < x.Length; i++)
        {
            float step = (float)(yGrad[i] / (1 + PortableMath.Exp(x[i])));
            xGrad[i] = accumulate ? xGrad[i] + step : step;
        }
    }
}
