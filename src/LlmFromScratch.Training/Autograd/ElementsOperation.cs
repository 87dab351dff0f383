using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[i] = x[indices[i]]</c>; backward <c>xGrad[indices[i]] += yGrad[i]</c>, i ascending.</summary>
internal sealed class ElementsOperation : Operation
{
    private ReadOnlyMemory<int> _indices;

    private Variable X => Input(0);

    public ElementsOperation Forward(Tape tape, Variable x, ReadOnlyMemory<int> indices, Shape shape)
    {
        Require.That(indices.Length == shape.Count, $"Elements: {indices.Length} indices for a result of {shape}; expected one a value.");
        Require.Indices("Elements", indices.Span, (int)x.Shape.Count);
        _indices = indices;
        Begin(tape, "elements", shape, x);
        ReadOnlySpan<int> places = indices.Span;
        ReadOnlySpan<float> values = x.Data;
        Span<float> output = Output.Data;
        for (int i = 0; i < places.Length; i++) output[i] = values[places[i]];
        return this;
    }

    public override void Backward(Tape tape)
    {
        Span<float> xGrad = tape.GradientToAddTo(X).Values;
        ReadOnlySpan<int> places = _indices.Span;
        ReadOnlySpan<float> outputGrad = Output.Gradient;
        for (int i = 0; i < places.Length; i++) xGrad[places[i]] += outputGrad[i];
    }
}
