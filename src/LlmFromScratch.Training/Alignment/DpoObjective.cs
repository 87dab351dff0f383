using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// Preference tuning against a frozen copy of the parent, by <see cref="PreferenceLosses.Dpo"/> or <see cref="PreferenceLosses.Ipo"/>, and the
/// <see cref="PreferenceLosses.ChosenLikelihood"/> where it has a weight. Chosen and rejected answers are packed side by side; a batch takes as many pairs as fit.
/// </summary>
public sealed class DpoObjective : ITrainingObjective
{
    private readonly DpoConfig _config;
    private readonly FineTunedModel _tuned;
    private readonly DecoderModel _reference;
    private readonly ExampleSet<TokenizedPair> _examples;
    private readonly PackedBatch _batch;
    private readonly float[] _rowGradients; // [B·T]

    /// <summary>Joins the model that learns, the frozen one, and preferences.</summary>
    public DpoObjective(DpoConfig config, FineTunedModel tuned, DecoderModel reference, ExampleSet<TokenizedPair> examples)
    {
        (_config, _tuned, _reference, _examples) = (config, tuned, reference, examples);
        _batch = new PackedBatch(config.BatchSize, config.SequenceLength);
        _rowGradients = new float[config.BatchSize * config.SequenceLength];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Variable> Parameters => _tuned.Parameters;

    /// <inheritdoc/>
    public string Identity => $"{_config.Loss} of {_tuned.Identity}, {_config.Identity}, examples {_examples.Fingerprint}";

    /// <inheritdoc/>
    public string Summary => FormattableString.Invariant($"{_tuned.Summary}, {_examples.TrainCount:n0} pairs to train on, {_config.HeldOutExamples:n0} held out");

    /// <inheritdoc/>
    public int TokensPerStep => _config.AccumulationSteps * _config.BatchSize * _config.SequenceLength;

    /// <inheritdoc/>
    public int SequencesPerPass => _config.BatchSize;

    /// <inheritdoc/>
    public IReadOnlyList<Measurement> AccumulateGradients(Tape tape, SeededRandom random)
    {
        Totals totals = new();
        for (int i = 0; i < _config.AccumulationSteps; i++)
        {
            _batch.Clear();
            while (TryAdd(_examples.Draw(random))) { }
            Measure(tape, totals, gradientShare: 1.0 / _config.AccumulationSteps);
        }
        return [new("loss", totals.Loss / totals.Batches), new("accuracy", (double)totals.Right / totals.Pairs), new("margin", totals.Margin / totals.Pairs)];
    }

    /// <summary>The loss on held-out pairs, the share in which the policy leans to the chosen answer more than the parent does, and the mean margin in nats.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<Measurement> Evaluate(Tape tape)
    {
        Totals totals = new();
        _batch.Clear();
        foreach (TokenizedPair pair in _examples.HeldOut)
        {
            if (TryAdd(pair)) continue;
            Measure(tape, totals, gradientShare: null);
            if (totals.Batches == _config.EvaluateBatches) break;
            _batch.Clear();
            TryAdd(pair);
        }
        if (totals.Batches < _config.EvaluateBatches && _batch.Examples.Count > 1) Measure(tape, totals, gradientShare: null);
        return [new("heldOutLoss", totals.Loss / totals.Batches), new("heldOutAccuracy", (double)totals.Right / totals.Pairs), new("heldOutMargin", totals.Margin / totals.Pairs)];
    }

    /// <summary>The answer to the first held-out prompt.</summary>
    /// <inheritdoc/>
    public string? Sample(ulong seed) => _tuned.Answer(_examples.HeldOut.First().Prompt, _config.ThreadCount, seed);

    /// <inheritdoc/>
    public void Rehearse(Tape tape, int sequenceCount)
    {
        int[] ids = new int[sequenceCount * _config.SequenceLength];
        using (tape.NoGradient()) _reference.Loss(tape, ids, ids, sequenceCount);
        tape.Reset();
        tape.Backward(_tuned.Model.Loss(tape, ids, ids, sequenceCount));
    }

    // The last pair may fit only in half: what has no partner is left out.
    private bool TryAdd(TokenizedPair pair) => _batch.TryAdd(pair.Chosen) && _batch.TryAdd(pair.Rejected);

    private void Measure(Tape tape, Totals totals, double? gradientShare)
    {
        int count = _batch.Examples.Count / 2;
        if (count == 0) throw new InvalidDataException($"A pair of answers does not fit into {_batch.SequenceCount} sequences of {_batch.TokenCount} tokens; "
            + "expected room for at least one. Is sequenceLength too small?");
        AnswerPair[] pairs = Score(tape, count, out Variable logProbabilities);
        double[] gradient = new double[count];
        double loss = _config.Loss == "ipo" ? PreferenceLosses.Ipo(pairs, _config.Beta, gradient) : PreferenceLosses.Dpo(pairs, _config.Beta, gradient);
        double[] chosenGradient = [.. gradient];
        if (_config.ChosenWeight > 0) loss += AddLikelihood(pairs, chosenGradient);
        totals.Add(loss, pairs);
        if (gradientShare is not double share)
        {
            tape.Reset();
            return;
        }
        if (!double.IsFinite(loss)) throw new ArithmeticException($"the loss is {loss}; the first result that is not finite: {tape.FirstNotFinite() ?? "none"}");
        _rowGradients.AsSpan().Clear();
        for (int i = 0; i < count; i++)
        {
            AnswerScores.Spread(share * chosenGradient[i], _batch, _batch.Examples[2 * i], _rowGradients);
            AnswerScores.Spread(-share * gradient[i], _batch, _batch.Examples[2 * i + 1], _rowGradients);
        }
        tape.Backward(logProbabilities, _rowGradients);
    }

    private double AddLikelihood(AnswerPair[] pairs, double[] chosenGradient)
    {
        int[] tokenCounts = [.. pairs.Select((_, i) => AnswerScores.TokenCount(_batch, _batch.Examples[2 * i]))];
        double[] added = new double[pairs.Length];
        double loss = PreferenceLosses.ChosenLikelihood(pairs, tokenCounts, _config.ChosenWeight, added);
        for (int i = 0; i < added.Length; i++) chosenGradient[i] += added[i];
        return loss;
    }

    // The reference first: its results are freed before the policy's are made.
    private AnswerPair[] Score(Tape tape, int count, out Variable logProbabilities)
    {
        double[] reference = new double[2 * count];
        using (tape.NoGradient())
        {
            ReadOnlySpan<float> rows = AnswerScores.LogProbabilities(tape, _reference, _batch).Data;
            for (int i = 0; i < reference.Length; i++) reference[i] = AnswerScores.Sum(rows, _batch.Examples[i]);
        }
        tape.Reset();
        logProbabilities = AnswerScores.LogProbabilities(tape, _tuned.Model, _batch);
        AnswerPair[] pairs = new AnswerPair[count];
        for (int i = 0; i < count; i++)
            pairs[i] = new AnswerPair(AnswerScores.Sum(logProbabilities.Data, _batch.Examples[2 * i]), AnswerScores.Sum(logProbabilities.Data, _batch.Examples[2 * i + 1]),
                reference[2 * i], reference[2 * i + 1]);
        return pairs;
    }

    private sealed class Totals
    {
        public double Loss { get; private set; }

        public double Margin { get; private set; }

        public int Batches { get; private set; }

        public int Pairs { get; private set; }

        public int Right { get; private set; }

        public void Add(double loss, AnswerPair[] pairs)
        {
            Loss += loss;
            Batches++;
            Pairs += pairs.Length;
            foreach (AnswerPair pair in pairs)
            {
                Margin += pair.Margin;
                if (pair.Margin > 0) Right++;
            }
        }
    }
}
