using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// Supervised fine-tuning: the mean cross-entropy of the assistant's tokens, the prompt being given (Ouyang et al. 2022, section 3.5). Conversations are
/// packed into sequences, and none sees another.
/// </summary>
public sealed class SftObjective : ITrainingObjective
{
    private readonly SftConfig _config;
    private readonly FineTunedModel _tuned;
    private readonly ExampleSet<TokenizedTalk> _examples;
    private readonly PackedBatch[] _batches; // one for each accumulation step

    /// <summary>Joins model and conversations.</summary>
    public SftObjective(SftConfig config, FineTunedModel tuned, ExampleSet<TokenizedTalk> examples)
    {
        (_config, _tuned, _examples) = (config, tuned, examples);
        _batches = [.. Enumerable.Range(0, config.AccumulationSteps).Select(_ => new PackedBatch(config.BatchSize, config.SequenceLength))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Variable> Parameters => _tuned.Parameters;

    /// <inheritdoc/>
    public string Identity => $"sft of {_tuned.Identity}, {_config.Identity}, examples {_examples.Fingerprint}";

    /// <inheritdoc/>
    public string Summary => FormattableString.Invariant($"{_tuned.Summary}, {_examples.TrainCount:n0} conversations to train on, {_config.HeldOutExamples:n0} held out");

    /// <inheritdoc/>
    public int TokensPerStep => _config.AccumulationSteps * _config.BatchSize * _config.SequenceLength;

    /// <inheritdoc/>
    public int SequencesPerPass => _config.BatchSize;

    /// <inheritdoc/>
    public IReadOnlyList<Measurement> AccumulateGradients(Tape tape, SeededRandom random)
    {
        int learnt = 0;
        foreach (PackedBatch batch in _batches)
        {
            batch.Clear();
            while (batch.TryAdd(_examples.Draw(random).Tokens)) { }
            learnt += batch.LearntCount;
        }
        double sum = 0; // every token counts alike, whichever batch it is in
        foreach (PackedBatch batch in _batches)
        {
            double share = (double)batch.LearntCount / learnt;
            if (share > 0) sum += share * GradientPass.Run(tape, Loss(tape, batch), (float)share);
        }
        return [new("loss", sum)];
    }

    /// <summary>The mean loss of held-out answers in nats a token, and perplexity.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<Measurement> Evaluate(Tape tape)
    {
        PackedBatch batch = new(_config.BatchSize, _config.SequenceLength);
        batch.Clear();
        double sum = 0;
        int learnt = 0, batches = 0;
        foreach (TokenizedTalk talk in _examples.HeldOut)
        {
            if (batch.TryAdd(talk.Tokens)) continue;
            Measure();
            if (batches == _config.EvaluateBatches) break;
            batch.TryAdd(talk.Tokens);
        }
        Measure();
        double loss = sum / learnt;
        return [new("heldOutLoss", loss), new("perplexity", PortableMath.Exp(loss))];

        void Measure()
        {
            if (batch.LearntCount == 0) return;
            sum += _tuned.Model.CrossEntropy(tape, batch.Inputs, batch.Targets, batch.SequenceCount, batch.Segments).Data[0] * (double)batch.LearntCount;
            learnt += batch.LearntCount;
            batches++;
            tape.Reset();
            batch.Clear();
        }
    }

    /// <summary>The answer to the first held-out prompt.</summary>
    /// <inheritdoc/>
    public string? Sample(ulong seed) => _tuned.Answer([_examples.HeldOut.First().Opening], _config.ThreadCount, seed);

    /// <inheritdoc/>
    public void Rehearse(Tape tape, int sequenceCount)
    {
        int[] ids = new int[sequenceCount * _config.SequenceLength];
        tape.Backward(_tuned.Model.Loss(tape, ids, ids, sequenceCount));
    }

    private Variable Loss(Tape tape, PackedBatch batch) => _tuned.Model.Loss(tape, batch.Inputs, batch.Targets, batch.SequenceCount, batch.Segments);
}
