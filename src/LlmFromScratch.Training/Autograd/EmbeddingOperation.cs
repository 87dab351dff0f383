using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[n] = table[ids[n]]</c>; backward <c>tableGrad[ids[n]] += yGrad[n]</c>, n ascending.</summary>
internal sealed class EmbeddingOperation : Operation
{
    private ReadOnlyMemory<int> _ids;

    private Variable Table => Input(0);

    public EmbeddingOperation Forward(Tape tape, Variable table, ReadOnlyMemory<int> ids)
    {
        Require.Matrix("Embedding", "the table", table);
        Require.Indices("Embedding", ids.Span, table.Shape[0]);
        int size = table.Shape[1]; // C
        _ids = ids;
        Begin(tape, "embedding", new Shape(ids.Length, size), table);
        ReadOnlySpan<int> rows = ids.Span;
        for (int n = 0; n < rows.Length; n++) table.Data.Slice(rows[n] * size, size).CopyTo(Output.Data[(n * size)..]);
        return this;
    }

    public override void Backward(Tape tape)
    {
        if (!Table.RequiresGradient) return;
        int size = Table.Shape[1]; // C
        Span<float> tableGrad = tape.GradientToAddTo(Table).Values;
        ReadOnlySpan<float> outputGrad = Output.Gradient;
        ReadOnlySpan<int> rows = _ids.Span;
        for (int n = 0; n < rows.Length; n++) // one thread: two rows may have the same id
            Elementwise.AddTo(outputGrad.Slice(n * size, size), tableGrad.Slice(rows[n] * size, size));
    }
}
