using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Norm of rows by mean and deviation; the formulas stand at <see cref="LayerNormGradient"/>.</summary>
internal sealed class LayerNormOperation : Operation
{
    private const int PieceRows = 64; // fixed, so that the sum over rows has one order for any thread count

    private float _epsilon;
    private float[] _stats = [];   // [N, 2]: mean and one over the deviation
    private float[] _partial = []; // [pieces, 2, C]: each piece of rows sums its own gradients of weight and bias
    private GradientTarget _xGrad;

    private Variable X => Input(0);

    private Variable Bias => Input(1);

    private Variable Weight => Input(2);

    public LayerNormOperation Forward(Tape tape, Variable x, Variable weight, Variable bias, float epsilon)
    {
        Require.Norm("LayerNorm", x, epsilon, weight);
        Require.Sizes("LayerNorm", "the bias", bias, weight.Shape);
        _epsilon = epsilon;
        _stats = tape.Pool.Rent(x.Shape[0] * 2);
        Begin(tape, "norm", x.Shape, x, bias, weight);
        RunForward(tape, x.Shape[0], PieceRows);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        Range values = (first * X.Shape[1])..(end * X.Shape[1]);
        LayerNormGradient.Forward(X.Data[values], Weight.Data, Bias.Data, _epsilon, Output.Data[values], _stats.AsSpan((2 * first)..(2 * end)));
    }

    public override void Backward(Tape tape)
    {
        int rows = X.Shape[0], size = X.Shape[1], pieces = (rows + PieceRows - 1) / PieceRows;
        _xGrad = tape.GradientOf(X);
        _partial = tape.Pool.Rent(pieces * 2 * size);
        RunBackward(tape, rows, PieceRows);
        GradientTarget weightGrad = tape.GradientToAddTo(Weight), biasGrad = tape.GradientToAddTo(Bias);
        for (int piece = 0; piece < pieces; piece++)
        {
            Elementwise.AddTo(_partial.AsSpan(2 * piece * size, size), weightGrad.Values);
            Elementwise.AddTo(_partial.AsSpan((2 * piece + 1) * size, size), biasGrad.Values);
        }
        tape.Release(weightGrad);
        tape.Release(biasGrad);
        tape.Release(_xGrad);
        tape.Pool.Return(_partial);
    }

    protected override void Backward(int first, int end)
    {
        int size = X.Shape[1];
        Span<float> grads = _partial.AsSpan(first / PieceRows * 2 * size, 2 * size);
        grads.Clear();
        Range values = (first * size)..(end * size);
        LayerNormGradient.Backward(X.Data[values], Weight.Data, _stats.AsSpan((2 * first)..(2 * end)), Output.Gradient[values],
            _xGrad.Values[values], _xGrad.Accumulate, grads[..size], grads[size..]);
    }

    public override void Free(Tape tape) => tape.Pool.Return(_stats);
}
