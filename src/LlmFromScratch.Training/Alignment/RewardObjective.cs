using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Teaches a <see cref="RewardModel"/> which of two answers people preferred, by <see cref="PreferenceLosses.BradleyTerry"/>.</summary>
public sealed class RewardObjective : ITrainingObjective
{
    private readonly RunConfig _config;
    private readonly RewardModel _model;
    private readonly string _parent; // the model as it was before it learnt
    private readonly ExampleSet<TokenizedPair> _examples;
    private readonly PackedBatch _batch;
    private readonly float[] _rowGradients; // [B·T]

    /// <summary>Joins model and preferences.</summary>
    public RewardObjective(RunConfig config, RewardModel model, ExampleSet<TokenizedPair> examples)
    {
        (_config, _model, _examples, _parent) = (config, model, examples, model.Identity);
        _batch = new PackedBatch(config.BatchSize, config.SequenceLength);
        _rowGradients = new float[config.BatchSize * config.SequenceLength];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Variable> Parameters => _model.Parameters;

    /// <inheritdoc/>
    public string Identity => FormattableString.Invariant(
        $"reward of {_parent}, {Parameters.Count} arrays, B {_config.BatchSize}, T {_config.SequenceLength}, seed {_config.Seed}, examples {_examples.Fingerprint}");

    /// <inheritdoc/>
    public string Summary => FormattableString.Invariant($"reward model, {_examples.TrainCount:n0} pairs to train on");

    /// <inheritdoc/>
    public int TokensPerStep => _config.BatchSize * _config.SequenceLength;

    /// <inheritdoc/>
    public int SequencesPerPass => _config.BatchSize;

    /// <inheritdoc/>
    public IReadOnlyList<Measurement> AccumulateGradients(Tape tape, SeededRandom random)
    {
        _batch.Clear();
        while (TryAdd(_examples.Draw(random))) { }
        int count = _batch.Examples.Count / 2;
        Variable rewards = _model.Forward(tape, _batch);
        (double loss, bool[] right, double[] gradient) = Measure(rewards.Data, count);
        if (!double.IsFinite(loss)) throw new ArithmeticException($"the loss is {loss}; the first result that is not finite: {tape.FirstNotFinite() ?? "none"}");
        _rowGradients.AsSpan().Clear();
        for (int i = 0; i < count; i++)
        {
            _rowGradients[RewardModel.LastRow(_batch.Examples[2 * i])] = (float)gradient[i];
            _rowGradients[RewardModel.LastRow(_batch.Examples[2 * i + 1])] = (float)-gradient[i];
        }
        tape.Backward(rewards, _rowGradients);
        return [new("loss", loss), new("accuracy", (double)right.Count(isRight => isRight) / count)];
    }

    /// <summary>The loss on held-out pairs, and the share of them that the model puts in the right order: of all, and of the pairs of each rule.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<Measurement> Evaluate(Tape tape)
    {
        double loss = 0;
        int batches = 0;
        List<TokenizedPair> waiting = []; // those in the batch
        List<(string Rule, bool Right)> judged = [];
        _batch.Clear();
        foreach (TokenizedPair pair in _examples.HeldOut)
        {
            if (!TryAdd(pair))
            {
                Judge();
                if (batches == _config.EvaluateBatches) break;
                TryAdd(pair);
            }
            waiting.Add(pair);
        }
        if (batches < _config.EvaluateBatches) Judge();
        return [new("heldOutLoss", loss / judged.Count), new("heldOutAccuracy", Share(judged)), .. judged.GroupBy(pair => pair.Rule)
            .OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => new Measurement("heldOut" + char.ToUpperInvariant(rule.Key[0]) + rule.Key[1..], Share(rule)))];

        void Judge()
        {
            (double batchLoss, bool[] right, _) = Measure(_model.Forward(tape, _batch).Data, _batch.Examples.Count / 2);
            loss += batchLoss * right.Length;
            judged.AddRange(waiting.Zip(right, (pair, isRight) => (pair.Rule, isRight)));
            batches++;
            tape.Reset();
            _batch.Clear();
            waiting.Clear();
        }

        static double Share(IEnumerable<(string Rule, bool Right)> pairs) => pairs.Average(pair => pair.Right ? 1.0 : 0);
    }

    /// <inheritdoc/>
    public string? Sample(ulong seed) => null;

    /// <inheritdoc/>
    public void Rehearse(Tape tape, int sequenceCount)
    {
        PackedBatch batch = new(sequenceCount, _config.SequenceLength);
        batch.Clear();
        tape.Backward(_model.Forward(tape, batch), new float[sequenceCount * _config.SequenceLength]);
    }

    private bool TryAdd(TokenizedPair pair) => _batch.TryAdd(pair.Chosen) && _batch.TryAdd(pair.Rejected);

    private (double Loss, bool[] Right, double[] Gradient) Measure(ReadOnlySpan<float> rewards, int count)
    {
        if (count == 0) throw new InvalidDataException($"A pair of answers does not fit into {_batch.SequenceCount} sequences of {_batch.TokenCount} tokens.");
        double[] chosen = new double[count], rejected = new double[count], gradient = new double[count];
        bool[] right = new bool[count];
        for (int i = 0; i < count; i++)
        {
            chosen[i] = rewards[RewardModel.LastRow(_batch.Examples[2 * i])];
            rejected[i] = rewards[RewardModel.LastRow(_batch.Examples[2 * i + 1])];
            right[i] = chosen[i] > rejected[i];
        }
        return (PreferenceLosses.BradleyTerry(chosen, rejected, gradient), right, gradient);
    }
}
