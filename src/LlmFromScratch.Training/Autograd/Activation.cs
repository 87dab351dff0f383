namespace LlmFromScratch.Training.Autograd;

/// <summary>Functions of one value, for <see cref="ITape.Activate"/>.</summary>
public enum Activation
{
    /// <summary><c>max(0, x)</c>; the slope at 0 is 0.</summary>
    Relu,

    /// <summary><c>x · Φ(x) = x/2 · (1 + erf(x/√2))</c> (Hendrycks and Gimpel 2016).</summary>
    GeluErf,

    /// <summary><c>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))</c>, GPT-2's approximation of GELU.</summary>
    GeluTanh,

    /// <summary><c>x · σ(x)</c>.</summary>
    Silu,

    /// <summary><c>σ(x) = 1 / (1 + e^-x)</c>.</summary>
    Sigmoid,

    /// <summary><c>tanh x</c>.</summary>
    Tanh,

    /// <summary><c>log σ(x) = -log(1 + e^-x)</c>: the log-likelihood of a yes.</summary>
    LogSigmoid,

    /// <summary><c>e^x</c>.</summary>
    Exp,
}
