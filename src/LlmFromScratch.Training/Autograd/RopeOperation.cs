using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Rotary positions; the gradient is rotated back by the same angles.</summary>
internal sealed class RopeOperation : Operation
{
    private const int PieceRows = 64;

    private RopeSettings _settings;
    private float[] _table = []; // [T, D/2, 2]
    private GradientTarget _xGrad;

    private Variable X => Input(0);

    public RopeOperation Forward(Tape tape, Variable x, RopeSettings settings)
    {
        Require.Rope(x, settings);
        _settings = settings;
        _table = tape.RopeTable(settings);
        Begin(tape, "rope", x.Shape, x);
        RunForward(tape, x.Shape[0], PieceRows);
        return this;
    }

    protected override void Forward(int first, int end) => Rotate(X.Data, Output.Data, first, end, inverse: false, accumulate: false);

    public override void Backward(Tape tape)
    {
        if (!X.RequiresGradient) return;
        _xGrad = tape.GradientOf(X);
        RunBackward(tape, X.Shape[0], PieceRows);
    }

    protected override void Backward(int first, int end) => Rotate(Output.Gradient, _xGrad.Values, first, end, inverse: true, _xGrad.Accumulate);

    private void Rotate(ReadOnlySpan<float> x, Span<float> y, int first, int end, bool inverse, bool accumulate)
    {
        int size = X.Shape[1];
        for (int row = first; row < end; row++)
        {
            ReadOnlySpan<float> angles = _table.AsSpan(row % _settings.TokenCount * _settings.HeadSize, _settings.HeadSize);
            RopeGradient.RotateRow(x.Slice(row * size, size), angles, _settings.Pairing, inverse, y.Slice(row * size, size), accumulate);
        }
    }
}
