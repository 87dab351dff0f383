using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Grouped-query attention, one part of work for each sequence and key/value head; the formulas stand at <see cref="AttentionForward"/> and
/// <see cref="AttentionBackward"/>.
/// </summary>
internal sealed class AttentionOperation(Variable output, Variable q, Variable k, Variable v, Variable? bias,
    int sequenceCount, AttentionSizes sizes, KeyRange[] visible, float[] rowStats) : Operation(output)
{
    public static AttentionOperation Forward(Tape tape, Variable q, Variable k, Variable v, AttentionSettings settings, Variable? bias)
    {
        AttentionSizes sizes = Sizes(q, k, v, settings, bias);
        KeyRange[] visible = tape.Ranges.Rent(q.Shape[0]); // [B·T]
        AttentionMask.Fill(settings, sizes.QueryCount, sizes.KeyCount, visible);
        Variable output = bias is null ? tape.Result("attention", q.Shape, q, k, v) : tape.Result("attention", q.Shape, q, k, v, bias);
        float[] rowStats = tape.Pool.Rent(settings.SequenceCount * sizes.HeadCount * sizes.QueryCount * 2); // [B, H, T, 2]
        AttentionOperation operation = new(output, q, k, v, bias, settings.SequenceCount, sizes, visible, rowStats);
        operation.Run(tape);
        return operation;
    }

    private ReadOnlySpan<float> Bias => bias is null ? [] : bias.Data;

    private void Run(Tape tape) => tape.Team.Run(sequenceCount * sizes.KvHeadCount, part =>
    {
        int sequence = part / sizes.KvHeadCount;
        (Range queries, Range keys, Range stats, Range rows) = Ranges(sequence);
        float[] scratch = tape.Pool.Rent(sizes.ForwardScratch);
        AttentionForward.Run(sizes, part % sizes.KvHeadCount, q.Data[queries], k.Data[keys], v.Data[keys], Bias, visible.AsSpan(rows),
            Output.Data[queries], rowStats.AsSpan(stats), scratch);
        tape.Pool.Return(scratch);
    });

    public override void Backward(Tape tape)
    {
        float[] qGrad = tape.GradientOf(q, out bool accumulateQ), kGrad = tape.GradientOf(k, out bool accumulateK);
        float[] vGrad = tape.GradientOf(v, out bool accumulateV);
        int biasSize = sizes.HeadCount * sizes.BiasCount;
        float[]? biasGrads = bias is null ? null : tape.Pool.Rent(sequenceCount * biasSize); // [B, H, R]
        tape.Team.Run(sequenceCount * sizes.KvHeadCount, part =>
        {
            int sequence = part / sizes.KvHeadCount;
            (Range queries, Range keys, Range stats, Range rows) = Ranges(sequence);
            float[] scratch = tape.Pool.Rent(sizes.BackwardScratch);
            AttentionBackward.Run(sizes, part % sizes.KvHeadCount, q.Data[queries], k.Data[keys], v.Data[keys], Bias, visible.AsSpan(rows),
                Output.Data[queries], rowStats.AsSpan(stats), Output.Gradient[queries], qGrad.AsSpan(queries), kGrad.AsSpan(keys), vGrad.AsSpan(keys),
                biasGrads is null ? [] : biasGrads.AsSpan(sequence * biasSize, biasSize), (accumulateQ, accumulateK, accumulateV), scratch);
            tape.Pool.Return(scratch);
        });
        if (bias is null || biasGrads is null) return;
        if (bias.RequiresGradient)
        {
            float[] biasGrad = tape.GradientOf(bias, out bool accumulateBias);
            if (!accumulateBias) biasGrad.AsSpan().Clear();
            for (int sequence = 0; sequence < sequenceCount; sequence++) Elementwise.AddTo(biasGrads.AsSpan(sequence * biasSize, biasSize), biasGrad);
        }
        tape.Pool.Return(biasGrads);
    }

    public override void Free(Tape tape)
    {
        tape.Pool.Return(rowStats);
        tape.Ranges.Return(visible);
    }

    // Where one sequence's rows lie in q, in k and v, in rowStats and in visible.
    private (Range Queries, Range Keys, Range Stats, Range Rows) Ranges(int sequence)
    {
        int queries = sizes.QueryCount * sizes.HeadCount * sizes.HeadSize, keys = sizes.KeyCount * sizes.KvHeadCount * sizes.HeadSize;
        int stats = sizes.HeadCount * sizes.QueryCount * 2;
        return (Part(queries), Part(keys), Part(stats), Part(sizes.QueryCount));

        Range Part(int size) => (sequence * size)..((sequence + 1) * size);
    }

    internal static AttentionSizes Sizes(Variable q, Variable k, Variable v, AttentionSettings settings, Variable? bias)
    {
        Require.Matrix("Attention", "q", q);
        Require.Matrix("Attention", "k", k);
        Require.Sizes("Attention", "v", v, k.Shape);
        (int sequences, int heads, int kvHeads) = (settings.SequenceCount, settings.HeadCount, settings.KvHeadCount);
        Require.That(sequences > 0 && heads > 0 && kvHeads > 0 && heads % kvHeads == 0,
            $"Attention: B {sequences}, H {heads}, K {kvHeads}; expected sizes above 0 and H a multiple of K.");
        Require.That(q.Shape[1] % heads == 0 && k.Shape[1] == q.Shape[1] / heads * kvHeads,
            $"Attention: q is {q.Shape} with {heads} heads, k is {k.Shape} with {kvHeads}; expected the same head size.");
        Require.That(q.Shape[0] % sequences == 0 && k.Shape[0] % sequences == 0,
            $"Attention: q is {q.Shape}, k is {k.Shape}; expected rows of {sequences} equal sequences.");
        int queryCount = q.Shape[0] / sequences, keyCount = k.Shape[0] / sequences, headSize = q.Shape[1] / heads;
        Require.That(!settings.Causal || keyCount >= queryCount,
            $"Attention: {queryCount} causal queries, {keyCount} keys; expected at least as many keys.");
        float scale = settings.Scale ?? 1 / MathF.Sqrt(headSize);
        Require.That(scale > 0, $"Attention: the scale is {scale}; expected above 0.");
        Require.That(settings.Window >= 0 && settings.SoftCap >= 0,
            $"Attention: window {settings.Window}, cap {settings.SoftCap}; expected 0 (none) or above.");
        AttentionSizes sizes = new(queryCount, keyCount, heads, kvHeads, headSize, scale, settings.SoftCap);
        if (bias is not null) Require.Sizes("Attention", "the bias", bias, new Shape(heads, sizes.BiasCount));
        return sizes;
    }
}
