using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Grouped-query attention, one part of work for each sequence and key/value head; the formulas stand at <see cref="AttentionForward"/> and
/// <see cref="AttentionBackward"/>.
/// </summary>
internal sealed class AttentionOperation(
    Variable output, Variable q, Variable k, Variable v, int sequenceCount, AttentionSizes sizes, float[] rowStats) : Operation(output)
{
    public static AttentionOperation Forward(Tape tape, Variable q, Variable k, Variable v, AttentionSettings settings)
    {
        AttentionSizes sizes = Sizes(q, k, v, settings);
        Variable output = tape.Result("attention", q.Shape, q, k, v);
        float[] rowStats = tape.Pool.Rent(settings.SequenceCount * sizes.HeadCount * sizes.QueryCount * 2); // [B, H, T, 2]
        AttentionOperation operation = new(output, q, k, v, settings.SequenceCount, sizes, rowStats);
        operation.Run(tape);
        return operation;
    }

    private void Run(Tape tape) => tape.Team.Run(sequenceCount * sizes.KvHeadCount, part =>
    {
        (Range queries, Range keys, Range stats) = Ranges(part / sizes.KvHeadCount);
        float[] scratch = tape.Pool.Rent(sizes.ForwardScratch);
        AttentionForward.Run(sizes, part % sizes.KvHeadCount, q.Data[queries], k.Data[keys], v.Data[keys],
            Output.Data[queries], rowStats.AsSpan(stats), scratch);
        tape.Pool.Return(scratch);
    });

    public override void Backward(Tape tape)
    {
        float[] qGrad = tape.GradientOf(q, out bool accumulateQ), kGrad = tape.GradientOf(k, out bool accumulateK);
        float[] vGrad = tape.GradientOf(v, out bool accumulateV);
        tape.Team.Run(sequenceCount * sizes.KvHeadCount, part =>
        {
            (Range queries, Range keys, Range stats) = Ranges(part / sizes.KvHeadCount);
            float[] scratch = tape.Pool.Rent(sizes.BackwardScratch);
            AttentionBackward.Run(sizes, part % sizes.KvHeadCount, q.Data[queries], k.Data[keys], v.Data[keys],
                Output.Data[queries], rowStats.AsSpan(stats), Output.Gradient[queries],
                qGrad.AsSpan(queries), kGrad.AsSpan(keys), vGrad.AsSpan(keys), (accumulateQ, accumulateK, accumulateV), scratch);
            tape.Pool.Return(scratch);
        });
    }

    public override void Free(BufferPool pool) => pool.Return(rowStats);

    // Where one sequence's rows lie in q, in k and v, and in rowStats.
    private (Range Queries, Range Keys, Range Stats) Ranges(int sequence)
    {
        int queries = sizes.QueryCount * sizes.HeadCount * sizes.HeadSize, keys = sizes.KeyCount * sizes.KvHeadCount * sizes.HeadSize;
        int stats = sizes.HeadCount * sizes.QueryCount * 2;
        return (Part(queries), Part(keys), Part(stats));

        Range Part(int size) => (sequence * size)..((sequence + 1) * size);
    }

    private static AttentionSizes Sizes(Variable q, Variable k, Variable v, AttentionSettings settings)
    {
        Require.Matrix("Attention", "q", q);
        Require.Matrix("Attention", "k", k);
        Require.Sizes("Attention", "v", v, k.Shape);
        (int sequences, int heads, int kvHeads) = (settings.SequenceCount, settings.HeadCount, settings.KvHeadCount);
        Require.That(sequences > 0 && heads > 0 && kvHeads > 0 && heads % kvHeads == 0,
            $"Attention: {settings}; expected sizes above 0 and H a multiple of K.");
        Require.That(q.Shape[1] % heads == 0 && k.Shape[1] == q.Shape[1] / heads * kvHeads,
            $"Attention: q is {q.Shape} with {heads} heads, k is {k.Shape} with {kvHeads}; expected the same head size.");
        Require.That(q.Shape[0] % sequences == 0 && k.Shape[0] % sequences == 0,
            $"Attention: q is {q.Shape}, k is {k.Shape}; expected rows of {sequences} equal sequences.");
        int queryCount = q.Shape[0] / sequences, keyCount = k.Shape[0] / sequences, headSize = q.Shape[1] / heads;
        Require.That(!settings.Causal || keyCount >= queryCount,
            $"Attention: {queryCount} causal queries, {keyCount} keys; expected at least as many keys.");
        float scale = settings.Scale ?? 1 / MathF.Sqrt(headSize);
        Require.That(scale > 0, $"Attention: the scale is {scale}; expected above 0.");
        return new AttentionSizes(queryCount, keyCount, heads, kvHeads, headSize, scale, settings.Causal);
    }
}
