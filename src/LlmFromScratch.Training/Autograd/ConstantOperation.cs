using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Values that depend on nothing.</summary>
internal sealed class ConstantOperation : Operation
{
    public ConstantOperation Forward(Tape tape, ReadOnlySpan<double> values, Shape shape)
    {
        Require.That(values.Length == shape.Count, $"Constant: {values.Length} values for a result of {shape}; expected one each.");
        Begin(tape, "constant", shape);
        for (int i = 0; i < values.Length; i++) Output.Data[i] = (float)values[i];
        return this;
    }

    public override void Backward(Tape tape) { }
}
