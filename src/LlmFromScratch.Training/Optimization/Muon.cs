using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Optimization;

/// <summary>
/// Muon (Jordan et al. 2024): the momentum of a block's matrix is made nearly orthogonal before it moves the matrix, so that all directions learn
/// alike and not only the loudest. Embeddings, the head, norms and biases move by <see cref="AdamW"/>. The step is scaled to AdamW's usual size
/// (Liu et al. 2025, "Muon is scalable for LLM training", eq. 4), so that one learning rate and one decay serve both.
/// </summary>
/// <param name="parameters">The weights to move. Those named <c>blk.*</c> with two axes are the matrices of blocks.</param>
/// <param name="settings">The constants of AdamW; its decay is also Muon's.</param>
/// <param name="momentum">μ in [0, 1): how much of the momentum stays.</param>
/// <param name="tape">Lends its threads and buffers.</param>
public sealed class Muon(IReadOnlyList<Variable> parameters, AdamWSettings settings, float momentum, Tape tape)
    : Optimizer(parameters, parameter => IsBlockMatrix(parameter) ? 1 : AdamW.StateCount)
{
    private const int Iterations = 5;
    private const float UsualSize = 0.2f; // the root mean square of AdamW's steps, as Liu et al. measured it
    private const double Guard = 1e-7;    // keeps a matrix of zeros finite

    // Coefficients of the quintic aX + bX³ + cX⁵ that brings singular values between 0 and 1 near 1 fastest (Jordan et al. 2024).
    private const float Linear = 3.4445f, Cubic = -4.7750f, Quintic = 2.0315f;

    /// <summary>
    /// <c>m = μ · m + g</c>, <c>w = w (1 - rate · decay) - rate · 0.2 √max(rows, columns) · orthogonal(g + μ · m)</c>: Nesterov's momentum.
    /// </summary>
    /// <inheritdoc/>
    protected override void Update(Variable parameter, float[][] state, float learningRate)
    {
        if (!IsBlockMatrix(parameter))
        {
            AdamW.Update(settings, StepCount, parameter, state, learningRate);
            return;
        }
        float[] buffer = tape.Pool.Rent((int)parameter.Shape.Count);
        Span<float> direction = buffer.AsSpan(0, (int)parameter.Shape.Count);
        Span<float> gradient = parameter.Gradient, mean = state[0];
        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] = momentum * mean[i] + gradient[i];
            direction[i] = gradient[i] + momentum * mean[i];
        }
        Orthogonalise(direction, parameter.Shape[0], parameter.Shape[1]);
        float keep = 1 - learningRate * settings.WeightDecay;
        float rate = learningRate * UsualSize * MathF.Sqrt(Math.Max(parameter.Shape[0], parameter.Shape[1]));
        Span<float> weights = parameter.Data;
        for (int i = 0; i < weights.Length; i++) weights[i] = weights[i] * keep - rate * direction[i];
        tape.Pool.Return(buffer);
    }

    /// <summary>
    /// Replaces <c>X = U S Vᵀ</c> by nearly <c>U Vᵀ</c>: five Newton-Schulz steps <c>X = aX + (bA + cA²) X</c> with <c>A = X Xᵀ</c>, or from the
    /// right with <c>A = Xᵀ X</c> where that is the smaller square.
    /// </summary>
    internal void Orthogonalise(Span<float> x, int rows, int columns)
    {
        bool left = rows <= columns;
        int size = Math.Min(rows, columns);
        Elementwise.Scale((float)(1 / (Math.Sqrt(Elementwise.SumOfSquares(x)) + Guard)), x, x); // now no singular value is above 1
        float[] squareBuffer = tape.Pool.Rent(size * size), polynomialBuffer = tape.Pool.Rent(size * size), productBuffer = tape.Pool.Rent(x.Length);
        Span<float> square = squareBuffer.AsSpan(0, size * size), polynomial = polynomialBuffer.AsSpan(0, size * size), product = productBuffer.AsSpan(0, x.Length);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            if (left) Gemm.Multiply(false, true, size, size, columns, x, x, square, accumulate: false, tape.Team);
            else Gemm.Multiply(true, false, size, size, rows, x, x, square, accumulate: false, tape.Team);
            Gemm.Multiply(false, false, size, size, size, square, square, polynomial, accumulate: false, tape.Team);
            for (int i = 0; i < polynomial.Length; i++) polynomial[i] = Cubic * square[i] + Quintic * polynomial[i];
            if (left) Gemm.Multiply(false, false, rows, columns, size, polynomial, x, product, accumulate: false, tape.Team);
            else Gemm.Multiply(false, false, rows, columns, size, x, polynomial, product, accumulate: false, tape.Team);
            for (int i = 0; i < x.Length; i++) x[i] = Linear * x[i] + product[i];
        }
        tape.Pool.Return(squareBuffer);
        tape.Pool.Return(polynomialBuffer);
        tape.Pool.Return(productBuffer);
    }

    private static bool IsBlockMatrix(Variable parameter) => parameter.Shape.Rank == 2 && parameter.Name.StartsWith("blk.", StringComparison.Ordinal);
}
