using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// Proximal policy optimisation of answers (Schulman et al. 2017; Ouyang et al. 2022), or its group relative form (Shao et al. 2024): rounds of answers are
/// sampled and scored, and each round is learnt from in a few clipped steps. Leaving the reference has a price β.
/// </summary>
public sealed class PpoObjective : ITrainingObjective
{
    private readonly PpoConfig _config;
    private readonly FineTunedModel _policy;
    private readonly DecoderModel _reference;
    private readonly IAnswerReward _reward;
    private readonly ExampleSet<ChatExample> _examples;
    private readonly Variable? _valueHead; // [1, C]; GRPO has none
    private readonly RolloutCollector _collector;
    private readonly PackedBatch _batch;
    private List<Rollout> _rollouts = [];
    private int _updates; // made with these rollouts

    /// <summary>Joins policy, reference, reward and prompts; each prompt and the longest answer fit into a sequence.</summary>
    public PpoObjective(PpoConfig config, FineTunedModel policy, DecoderModel reference, IAnswerReward reward, ExampleSet<ChatExample> examples)
    {
        (_config, _policy, _reference, _reward, _examples) = (config, policy, reference, reward, examples);
        _valueHead = config.Algorithm == "grpo" ? null : new Variable("value_head.weight", new Shape(1, policy.Model.Config.EmbeddingSize));
        _collector = new RolloutCollector(config, policy, _valueHead, reference, reward);
        _batch = new PackedBatch(config.BatchSize, config.SequenceLength);
        Parameters = _valueHead is null ? policy.Parameters : [.. policy.Parameters, _valueHead];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Variable> Parameters { get; }

    /// <inheritdoc/>
    public string Identity => $"{_config.Algorithm} of {_policy.Identity}, {_config.Identity}, {_reward.Identity}, examples {_examples.Fingerprint}";

    /// <inheritdoc/>
    public string Summary => FormattableString.Invariant($"{_policy.Summary}, {_config.Algorithm}, {_examples.TrainCount:n0} prompts, {_config.Rollouts} answers a round");

    /// <inheritdoc/>
    public int TokensPerStep => _config.BatchSize * _config.SequenceLength;

    /// <inheritdoc/>
    public int SequencesPerPass => _config.BatchSize;

    /// <inheritdoc/>
    public IReadOnlyList<Measurement> AccumulateGradients(Tape tape, SeededRandom random)
    {
        if (_updates == 0) _rollouts = _collector.Collect(tape, () => _examples.Draw(random), random);
        int tokens = _rollouts.Sum(rollout => rollout.Answer.Length);
        double policyLoss = 0, valueLoss = 0;
        RolloutCollector.ForEachBatch(_rollouts, _batch, (examples, rollouts) =>
        {
            (double batchPolicy, double batchValue) = Learn(tape, examples, rollouts, tokens);
            policyLoss += batchPolicy;
            valueLoss += batchValue;
        });
        _updates = (_updates + 1) % _config.UpdatesPerRollout;
        List<Measurement> measured = [new("loss", policyLoss), .. Describe("", _rollouts)];
        if (_valueHead is not null) measured.Add(new("valueLoss", valueLoss));
        return measured;
    }

    /// <summary>Answers to the held-out prompts, always with the same seeds: the cost <c>β · divergence - reward</c>, and what it is made of.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<Measurement> Evaluate(Tape tape)
    {
        int next = 0;
        ChatExample[] heldOut = [.. _examples.HeldOut];
        List<Rollout> rollouts = _collector.Collect(tape, () => heldOut[next++ % heldOut.Length], new SeededRandom(_config.Seed));
        double cost = _config.Beta * rollouts.Average(rollout => rollout.Divergence) - rollouts.Average(rollout => rollout.Score);
        return [new("heldOutCost", cost), .. Describe("heldOut", rollouts)];
    }

    /// <summary>The answer to the first held-out prompt.</summary>
    /// <inheritdoc/>
    public string? Sample(ulong seed) => _policy.Answer([.. _examples.HeldOut.First().Messages.SkipLast(1)], _config.ThreadCount, seed);

    /// <inheritdoc/>
    public void Rehearse(Tape tape, int sequenceCount)
    {
        int[] ids = new int[sequenceCount * _config.SequenceLength];
        using (tape.NoGradient()) _reference.Loss(tape, ids, ids, sequenceCount);
        tape.Reset();
        tape.Backward(_policy.Model.Loss(tape, ids, ids, sequenceCount));
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer) => RolloutStorage.Save(writer, _updates, _rollouts);

    /// <inheritdoc/>
    public void Load(BinaryReader reader) => _rollouts = RolloutStorage.Load(reader, out _updates);

    private (double Policy, double Value) Learn(Tape tape, IReadOnlyList<PackedExample> examples, List<Rollout> rollouts, int allTokens)
    {
        Variable hidden = _policy.Model.Hidden(tape, _batch.Inputs, _batch.SequenceCount, _batch.Segments); // [B·T, C]
        Variable logs = tape.LogProbability(tape.Linear(hidden, AnswerScores.Head(_policy.Model)), _batch.Targets);       // [B·T, 1]
        Variable output = _valueHead is null ? logs : tape.JoinColumns(logs, tape.Linear(hidden, _valueHead)); // [B·T, 1 or 2]
        int width = output.Shape[1];
        int[] rows = [.. examples.Zip(rollouts).SelectMany(pair =>
            Enumerable.Range(RolloutCollector.FirstAnswerRow(pair.First, pair.Second), pair.Second.Answer.Length))];
        double share = (double)rows.Length / allTokens;
        double[] gradient = new double[rows.Length];
        float[] outputGradient = new float[output.Shape.Count];
        double policyLoss = share * PolicyLoss(Column(0), rollouts, gradient), valueLoss = 0;
        Put(0, share);
        if (_valueHead is not null)
        {
            valueLoss = share * PolicyLosses.Value(Column(1), [.. rollouts.SelectMany(rollout => rollout.Returns)], gradient);
            Put(1, share * _config.ValueWeight);
        }
        if (!double.IsFinite(policyLoss + valueLoss))
            throw new ArithmeticException($"the loss is {policyLoss + valueLoss}; the first result that is not finite: {tape.FirstNotFinite() ?? "none"}");
        tape.Backward(output, outputGradient);
        return (policyLoss, valueLoss);

        double[] Column(int column) => [.. rows.Select(row => (double)output.Data[row * width + column])];

        void Put(int column, double factor)
        {
            for (int i = 0; i < rows.Length; i++) outputGradient[rows[i] * width + column] = (float)(factor * gradient[i]);
        }
    }

    // PPO pays for leaving the reference in its rewards; GRPO has the price in the loss.
    private double PolicyLoss(double[] logs, List<Rollout> rollouts, double[] gradient)
    {
        double[] old = [.. rollouts.SelectMany(rollout => rollout.OldLogProbabilities)], advantages = [.. rollouts.SelectMany(rollout => rollout.Advantages)];
        double loss = PolicyLosses.Ppo(logs, old, advantages, _config.Clip, gradient);
        if (_config.Algorithm != "grpo" || _config.Beta == 0) return loss;
        double[] price = new double[gradient.Length];
        loss += _config.Beta * PolicyLosses.Kl(logs, [.. rollouts.SelectMany(rollout => rollout.ReferenceLogProbabilities)], price);
        for (int i = 0; i < gradient.Length; i++) gradient[i] += _config.Beta * price[i];
        return loss;
    }

    // Agreement with the data's answers is no part of the reward that a model gives: where the reward rises and the agreement falls, the reward is being hacked.
    private static IEnumerable<Measurement> Describe(string prefix, List<Rollout> rollouts)
    {
        yield return new(Name("reward"), rollouts.Average(rollout => rollout.Score));
        yield return new(Name("divergence"), rollouts.Average(rollout => rollout.Divergence));
        yield return new(Name("answerTokens"), rollouts.Average(rollout => rollout.Answer.Length));
        yield return new(Name("agreement"), rollouts.Average(rollout => ExpectedAnswerReward.Score(rollout.Expected, rollout.Text)));

        string Name(string name) => prefix.Length == 0 ? name : prefix + char.ToUpperInvariant(name[0]) + name[1..];
    }
}
