using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Grouped-query attention, one part of work for each sequence and key/value head; the formulas stand at <see cref="AttentionForward"/> and
/// <see cref="AttentionBackward"/>. The weights never stand in memory as a whole (Dao et al. 2022, FlashAttention).
/// </summary>
internal sealed class AttentionOperation : Operation
{
    private AttentionSizes _sizes;
    private Tape? _tape;             // while parts run: scratch memory is taken on every thread
    private KeyRange[] _visible = []; // [B·T]
    private float[] _rowStats = [];   // [B, H, T, 2]
    private float[] _biasGrads = [];  // [B, H, R]
    private GradientTarget _qGrad, _kGrad, _vGrad;

    private Variable Q => Input(0);

    private Variable K => Input(1);

    private Variable V => Input(2);

    private ReadOnlySpan<float> Bias => OptionalInput(3) is Variable bias ? bias.Data : [];

    private BufferPool<float> Scratch => (_tape ?? throw new InvalidOperationException("Attention: no pass is running.")).Pool;

    public AttentionOperation Forward(Tape tape, Variable q, Variable k, Variable v, AttentionSettings settings, Variable? bias)
    {
        _sizes = AttentionMask.Sizes(q, k, v, settings, bias);
        _visible = tape.Ranges.Rent(q.Shape[0]);
        AttentionMask.Fill(settings, _sizes.QueryCount, _sizes.KeyCount, _visible);
        _rowStats = tape.Pool.Rent(settings.SequenceCount * _sizes.HeadCount * _sizes.QueryCount * 2);
        Begin(tape, "attention", q.Shape, q, k, v, bias);
        _tape = tape;
        RunForward(tape, settings.SequenceCount * _sizes.KvHeadCount, 1);
        _tape = null;
        return this;
    }

    protected override void Forward(int part, int end)
    {
        (Range queries, Range keys, Range stats, Range rows) = Ranges(part / _sizes.KvHeadCount);
        float[] scratch = Scratch.Rent(_sizes.ForwardScratch);
        AttentionForward.Run(_sizes, part % _sizes.KvHeadCount, Q.Data[queries], K.Data[keys], V.Data[keys], Bias, _visible.AsSpan(rows),
            Output.Data[queries], _rowStats.AsSpan(stats), scratch);
        Scratch.Return(scratch);
    }

    public override void Backward(Tape tape)
    {
        int sequences = Q.Shape[0] / _sizes.QueryCount, biasSize = _sizes.HeadCount * _sizes.BiasCount;
        (_qGrad, _kGrad, _vGrad) = (tape.GradientOf(Q), tape.GradientOf(K), tape.GradientOf(V));
        _biasGrads = Bias.IsEmpty ? [] : tape.Pool.Rent(sequences * biasSize);
        _tape = tape;
        RunBackward(tape, sequences * _sizes.KvHeadCount, 1);
        _tape = null;
        tape.Release(_qGrad);
        tape.Release(_kGrad);
        tape.Release(_vGrad);
        if (OptionalInput(3) is not Variable bias) return;
        GradientTarget biasGrad = tape.GradientToAddTo(bias);
        for (int sequence = 0; sequence < sequences; sequence++) Elementwise.AddTo(_biasGrads.AsSpan(sequence * biasSize, biasSize), biasGrad.Values);
        tape.Release(biasGrad);
        tape.Pool.Return(_biasGrads);
    }

    protected override void Backward(int part, int end)
    {
        int sequence = part / _sizes.KvHeadCount, biasSize = _sizes.HeadCount * _sizes.BiasCount;
        (Range queries, Range keys, Range stats, Range rows) = Ranges(sequence);
        float[] scratch = Scratch.Rent(_sizes.BackwardScratch);
        AttentionBackward.Run(_sizes, part % _sizes.KvHeadCount, Q.Data[queries], K.Data[keys], V.Data[keys], Bias, _visible.AsSpan(rows),
            Output.Data[queries], _rowStats.AsSpan(stats), Output.Gradient[queries],
            _qGrad.Values[queries], _kGrad.Values[keys], _vGrad.Values[keys],
            Bias.IsEmpty ? [] : _biasGrads.AsSpan(sequence * biasSize, biasSize), (_qGrad.Accumulate, _kGrad.Accumulate, _vGrad.Accumulate), scratch);
        Scratch.Return(scratch);
    }

    public override void Free(Tape tape)
    {
        tape.Pool.Return(_rowStats);
        tape.Ranges.Return(_visible);
    }

    // Where one sequence's rows lie in q, in k and v, in rowStats and in visible.
    private (Range Queries, Range Keys, Range Stats, Range Rows) Ranges(int sequence)
    {
        int queries = _sizes.QueryCount * _sizes.HeadCount * _sizes.HeadSize, keys = _sizes.KeyCount * _sizes.KvHeadCount * _sizes.HeadSize;
        int stats = _sizes.HeadCount * _sizes.QueryCount * 2;
        return (Part(queries), Part(keys), Part(stats), Part(_sizes.QueryCount));

        Range Part(int size) => (sequence * size)..((sequence + 1) * size);
    }
}
