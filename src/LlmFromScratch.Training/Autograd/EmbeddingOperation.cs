using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[n] = table[ids[n]]</c>; backward <c>tableGrad[ids[n]] += yGrad[n]</c>, n ascending.</summary>
internal sealed class EmbeddingOperation(Variable output, Variable table, ReadOnlyMemory<int> ids) : Operation(output)
{
    public static EmbeddingOperation Forward(Tape tape, Variable table, ReadOnlyMemory<int> ids)
    {
        Require.Matrix("Embedding", "the table", table);
        int vocabSize = table.Shape[0], size = table.Shape[1]; // V, C
        foreach (int id in ids.Span)
            if ((uint)id >= (uint)vocabSize) throw new ArgumentOutOfRangeException(nameof(ids), id,
                $"Embedding: expected token ids in [0, {vocabSize}).");
        Variable output = tape.Result("embedding", new Shape(ids.Length, size), table);
        ReadOnlySpan<int> rows = ids.Span;
        for (int n = 0; n < rows.Length; n++) table.Data.Slice(rows[n] * size, size).CopyTo(output.Data[(n * size)..]);
        return new EmbeddingOperation(output, table, ids);
    }

    public override void Backward(Tape tape)
    {
        if (!table.RequiresGradient) return;
        int size = table.Shape[1]; // C
        Span<float> tableGrad = table.Gradient;
        ReadOnlySpan<float> outputGrad = Output.Gradient;
        ReadOnlySpan<int> rows = ids.Span;
        for (int n = 0; n < rows.Length; n++) // one thread: two rows may have the same id
            Elementwise.AddTo(outputGrad.Slice(n * size, size), tableGrad.Slice(rows[n] * size, size));
    }
}
