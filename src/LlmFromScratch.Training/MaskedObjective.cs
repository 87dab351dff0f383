using LlmFromScratch.Numerics;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Evaluation;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training;

/// <summary>Learns the text of a corpus by guessing masked tokens (Devlin et al. 2019, section 3.1); see <see cref="MaskedTokens"/>.</summary>
public sealed class MaskedObjective : CorpusObjective
{
    private readonly TrainedEncoder _encoder;

    /// <summary>Joins model and data.</summary>
    /// <param name="config">The run.</param>
    /// <param name="encoder">The model that learns, and its tokenizer.</param>
    /// <param name="dataset">Ids below the model's vocabulary size.</param>
    public MaskedObjective(TrainingConfig config, TrainedEncoder encoder, TokenDataset dataset)
        : base(config, encoder.Tokenizer, dataset) => _encoder = encoder;

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Parameters => _encoder.Model.MaskedParameters;

    /// <summary>The mean loss of masked tokens of the held-out text in nats, up to EvaluateBatches batches from its beginning, and the share of right guesses.</summary>
    /// <inheritdoc/>
    public override IReadOnlyList<Measurement> Evaluate(Tape tape)
    {
        IEnumerable<int[]> batches = Enumerable.Range(0, EvaluationBatchCount).Select(index =>
        {
            Dataset.FillHeldOut(Batch, index);
            return Batch.Inputs;
        });
        MaskedEvaluation result = MaskedEvaluation.Measure(tape, _encoder, batches, Batch.SequenceCount);
        return [new("heldOutLoss", result.Loss), new("maskedAccuracy", result.Accuracy)];
    }

    /// <inheritdoc/>
    public override string? Sample(ulong seed) => Config.SamplePrompt.Contains(TrainedEncoder.Mask, StringComparison.Ordinal) ? _encoder.Fill(Config.SamplePrompt) : null;

    /// <inheritdoc/>
    public override void Rehearse(Tape tape, int sequenceCount)
    {
        int[] ids = new int[sequenceCount * Config.SequenceLength];
        tape.Backward(_encoder.Model.MaskedLoss(tape, new MaskedTokens(ids, ids), sequenceCount, dropout: new SeededRandom(0))); // every token is a target: what the head takes at most
    }

    private protected override Variable Loss(Tape tape, SeededRandom random) =>
        _encoder.Model.MaskedLoss(tape, _encoder.Draw(tape, Batch.Inputs, random), Batch.SequenceCount, dropout: random);
}
