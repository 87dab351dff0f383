using LlmFromScratch.Numerics;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Pretraining;

namespace LlmFromScratch.Training;

/// <summary>Learns to go on with the text of a corpus: the mean cross-entropy of every next token (Radford et al. 2018, eq. 1).</summary>
public sealed class PretrainingObjective : CorpusObjective
{
    private readonly ITextLearner _model;
    private readonly double _bytesPerToken;
    private readonly TokenNoise? _noise;

    /// <summary>Joins model and data.</summary>
    /// <param name="config">The run.</param>
    /// <param name="model">The model that learns.</param>
    /// <param name="tokenizer">Made the ids; says how many bytes the held-out tokens stand for.</param>
    /// <param name="dataset">Ids below the model's vocabulary size.</param>
    public PretrainingObjective(TrainingConfig config, DecoderModel model, ITokenizer tokenizer, TokenDataset dataset)
        : this(config, new DecoderLearner(model), tokenizer, dataset) { }

    internal PretrainingObjective(TrainingConfig config, ITextLearner model, ITokenizer tokenizer, TokenDataset dataset)
        : base(config, tokenizer, dataset)
    {
        _model = model;
        long bytes = 0;
        foreach (int id in dataset.HeldOut) bytes += tokenizer.GetBytes(id).Length;
        _bytesPerToken = (double)bytes / Math.Max(1, dataset.HeldOutCount);
        if (config.NoiseShare > 0 || config.LabelSmoothing > 0) _noise = new TokenNoise(dataset.Train, config.VocabSize, tokenizer.SpecialTokens.EndOfSequence ?? -1);
    }

    /// <inheritdoc/>
    public override string Identity => base.Identity + _model.Identity;

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Parameters => _model.Parameters;

    /// <summary>The mean loss on the held-out text in nats a token, up to EvaluateBatches batches from its beginning; perplexity; bits a byte.</summary>
    /// <inheritdoc/>
    public override IReadOnlyList<Measurement> Evaluate(Tape tape)
    {
        int count = EvaluationBatchCount;
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            Dataset.FillHeldOut(Batch, i);
            sum += _model.Loss(tape, Batch.Inputs, Batch.Targets, Batch.SequenceCount).Data[0];
            tape.Reset();
        }
        double loss = sum / count;
        return
        [
            new("heldOutLoss", loss), new("perplexity", PortableMath.Exp(loss)), new("bitsPerByte", loss / PortableMath.Log(2) / _bytesPerToken),
            .. _model.Probe(Config.ThreadCount),
        ];
    }

    /// <inheritdoc/>
    public override string? Sample(ulong seed)
    {
        const int MaxTokens = 64;
        int[] ids = Tokenizer.Encode(Config.SamplePrompt);
        if (Tokenizer.SpecialTokens.BeginOfSequence is int begin) ids = [begin, .. ids];
        return ids.Length == 0 ? null : Config.SamplePrompt + _model.Continue(Tokenizer, ids, MaxTokens, temperature: 0.8f, seed, Config.ThreadCount);
    }

    /// <inheritdoc/>
    public override void Rehearse(Tape tape, int sequenceCount)
    {
        int[] ids = new int[sequenceCount * Config.SequenceLength];
        tape.Backward(_model.Loss(tape, ids, ids, sequenceCount, new SeededRandom(0)));
    }

    private protected override Variable Loss(Tape tape, SeededRandom random)
    {
        if (!IsPrimer)
        {
            _noise?.Replace(Batch, Config.NoiseShare, random);
            _noise?.Smooth(Batch, Config.LabelSmoothing, random);
        }
        RepeatedTokens.Replace(Batch, Config.RepeatedShare, Config.VocabSize, random);
        return _model.Loss(tape, Batch.Inputs, Batch.Targets, Batch.SequenceCount, random);
    }
}
