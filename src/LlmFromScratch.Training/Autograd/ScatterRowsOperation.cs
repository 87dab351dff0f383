using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[ids[n]] += x[n]</c>, n ascending; backward <c>xGrad[n] = yGrad[ids[n]]</c>.</summary>
internal sealed class ScatterRowsOperation : Operation
{
    private ReadOnlyMemory<int> _ids;

    private Variable X => Input(0);

    public ScatterRowsOperation Forward(Tape tape, Variable x, ReadOnlyMemory<int> ids, int rowCount)
    {
        Require.Matrix("ScatterRows", "x", x);
        Require.That(ids.Length == x.Shape[0], $"ScatterRows: x is {x.Shape}, got {ids.Length} ids; expected one a row.");
        Require.Indices("ScatterRows", ids.Span, rowCount);
        int size = x.Shape[1];
        _ids = ids;
        Begin(tape, "scatter", new Shape(rowCount, size), x);
        Output.Data.Clear();
        ReadOnlySpan<int> rows = ids.Span;
        for (int n = 0; n < rows.Length; n++) Elementwise.AddTo(x.Data.Slice(n * size, size), Output.Data.Slice(rows[n] * size, size));
        return this;
    }

    public override void Backward(Tape tape)
    {
        int size = X.Shape[1];
        Span<float> xGrad = tape.GradientToAddTo(X).Values;
        ReadOnlySpan<int> rows = _ids.Span;
        for (int n = 0; n < rows.Length; n++) Elementwise.AddTo(Output.Gradient.Slice(rows[n] * size, size), xGrad.Slice(n * size, size));
    }
}
