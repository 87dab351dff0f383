namespace LlmFromScratch.Visuals.Widgets;

/// <summary>One layer of a perceptron: <c>y = f(W x + b)</c>.</summary>
/// <param name="Weights">[out][in].</param>
/// <param name="Biases">[out].</param>
public sealed record NetworkLayer(float[][] Weights, float[] Biases);
