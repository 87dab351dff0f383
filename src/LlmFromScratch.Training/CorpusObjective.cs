using LlmFromScratch.Numerics;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Training;

/// <summary>What all objectives that learn the text of a corpus share: windows drawn anywhere in its training part, and neighbouring windows of what is held out.</summary>
public abstract class CorpusObjective : ITrainingObjective
{
    private readonly string _identity;
    private int _primerPasses; // made so far

    private protected CorpusObjective(TrainingConfig config, ITokenizer tokenizer, TokenDataset dataset)
    {
        (Config, Tokenizer, Dataset) = (config, tokenizer, dataset);
        Batch = new TokenBatch(config.BatchSize, config.SequenceLength);
        _identity = $"{config.Identity}, tokens {dataset.Fingerprint}";
    }

    /// <inheritdoc/>
    public abstract IReadOnlyList<Variable> Parameters { get; }

    /// <inheritdoc/>
    public virtual string Identity => _identity;

    /// <inheritdoc/>
    public string Summary => FormattableString.Invariant(
        $"{Parameters.Sum(parameter => parameter.Shape.Count):n0} parameters, {Dataset.TrainCount:n0} tokens to train on, {Dataset.HeldOutCount:n0} held out");

    /// <inheritdoc/>
    public int TokensPerStep => Config.AccumulationSteps * Batch.Inputs.Length;

    /// <inheritdoc/>
    public int SequencesPerPass => Batch.SequenceCount;

    private protected TrainingConfig Config { get; }

    private protected ITokenizer Tokenizer { get; }

    private protected TokenDataset Dataset { get; }

    private protected TokenBatch Batch { get; }

    // Whether the pass that is made reads the beginning of the corpus only.
    private protected bool IsPrimer => _primerPasses < Config.PrimerSteps * Config.AccumulationSteps;

    // How many batches an evaluation reads.
    private protected int EvaluationBatchCount => Math.Min(Config.EvaluateBatches, Dataset.HeldOutBatchCount(Batch));

    /// <inheritdoc/>
    public IReadOnlyList<Measurement> AccumulateGradients(Tape tape, SeededRandom random)
    {
        double sum = 0;
        for (int i = 0; i < Config.AccumulationSteps; i++)
        {
            Dataset.FillRandom(Batch, random, IsPrimer ? Config.PrimerShare : 1);
            sum += GradientPass.Run(tape, Loss(tape, random), 1f / Config.AccumulationSteps);
            if (IsPrimer) _primerPasses++;
        }
        return [new("loss", sum / Config.AccumulationSteps)];
    }

    /// <inheritdoc/>
    public abstract IReadOnlyList<Measurement> Evaluate(Tape tape);

    /// <inheritdoc/>
    public abstract string? Sample(ulong seed);

    /// <inheritdoc/>
    public abstract void Rehearse(Tape tape, int sequenceCount);

    /// <inheritdoc/>
    public virtual void Save(BinaryWriter writer)
    {
        if (Config.PrimerSteps > 0) writer.Write(_primerPasses);
    }

    /// <inheritdoc/>
    public virtual void Load(BinaryReader reader)
    {
        if (Config.PrimerSteps > 0) _primerPasses = reader.ReadInt32();
    }

    // The loss of the batch, which holds text; what must be drawn for it is drawn from random.
    private protected abstract Variable Loss(Tape tape, SeededRandom random);
}
