using LlmFromScratch.Numerics;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training;

/// <summary>Learns a corpus: the mean cross-entropy of every next token (Radford et al. 2018, eq. 1), windows drawn anywhere in the training part.</summary>
public sealed class PretrainingObjective : ITrainingObjective
{
    private readonly TrainingConfig _config;
    private readonly LlamaTrainingModel _model;
    private readonly ITokenizer _tokenizer;
    private readonly TokenDataset _dataset;
    private readonly TokenBatch _batch;
    private readonly double _bytesPerToken;

    /// <summary>Joins model and data.</summary>
    /// <param name="config">The run.</param>
    /// <param name="model">The model that learns.</param>
    /// <param name="tokenizer">Made the ids; says how many bytes the held-out tokens stand for.</param>
    /// <param name="dataset">Ids below the model's vocabulary size.</param>
    public PretrainingObjective(TrainingConfig config, LlamaTrainingModel model, ITokenizer tokenizer, TokenDataset dataset)
    {
        (_config, _model, _tokenizer, _dataset) = (config, model, tokenizer, dataset);
        _batch = new TokenBatch(config.BatchSize, config.SequenceLength);
        long bytes = 0;
        foreach (int id in dataset.HeldOut) bytes += tokenizer.GetBytes(id).Length;
        _bytesPerToken = (double)bytes / Math.Max(1, dataset.HeldOutCount);
        Identity = $"{config.Identity}, tokens {dataset.Fingerprint}";
    }

    /// <inheritdoc/>
    public IReadOnlyList<Variable> Parameters => _model.Parameters;

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public string Summary => FormattableString.Invariant(
        $"{_model.Config.ParameterCount:n0} parameters, {_dataset.TrainCount:n0} tokens to train on, {_dataset.HeldOutCount:n0} held out");

    /// <inheritdoc/>
    public int TokensPerStep => _config.AccumulationSteps * _batch.Inputs.Length;

    /// <inheritdoc/>
    public int SequencesPerPass => _batch.SequenceCount;

    /// <inheritdoc/>
    public IReadOnlyList<Measurement> AccumulateGradients(Tape tape, SeededRandom random)
    {
        double sum = 0;
        for (int i = 0; i < _config.AccumulationSteps; i++)
        {
            _dataset.FillRandom(_batch, random);
            Variable loss = _model.Loss(tape, _batch.Inputs, _batch.Targets, _batch.SequenceCount);
            sum += GradientPass.Run(tape, loss, 1f / _config.AccumulationSteps);
        }
        return [new("loss", sum / _config.AccumulationSteps)];
    }

    /// <summary>The mean loss on the held-out text in nats a token, up to EvaluateBatches batches from its beginning; perplexity; bits a byte.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<Measurement> Evaluate(Tape tape)
    {
        int count = Math.Min(_config.EvaluateBatches, _dataset.HeldOutBatchCount(_batch));
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            _dataset.FillHeldOut(_batch, i);
            sum += _model.Loss(tape, _batch.Inputs, _batch.Targets, _batch.SequenceCount).Data[0];
            tape.Reset();
        }
        double loss = sum / count;
        return [new("heldOutLoss", loss), new("perplexity", PortableMath.Exp(loss)), new("bitsPerByte", loss / PortableMath.Log(2) / _bytesPerToken)];
    }

    /// <inheritdoc/>
    public string? Sample(ulong seed)
    {
        const int MaxTokens = 64;
        using TrainedText speaker = new(_model, _tokenizer, _config.ThreadCount);
        int[] ids = _tokenizer.Encode(_config.SamplePrompt);
        if (_tokenizer.SpecialTokens.BeginOfSequence is int begin) ids = [begin, .. ids];
        return ids.Length == 0 ? null : _config.SamplePrompt + speaker.Continue(ids, MaxTokens, temperature: 0.8f, seed).Text;
    }

    /// <inheritdoc/>
    public void Rehearse(Tape tape, int sequenceCount)
    {
        int[] ids = new int[sequenceCount * _config.SequenceLength];
        tape.Backward(_model.Loss(tape, ids, ids, sequenceCount));
    }
}
