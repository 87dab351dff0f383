using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Pretraining;

namespace LlmFromScratch.Training;

/// <summary>A whole pretraining run: corpus, vocabulary, training, export. What <c>llmfs train</c> does.</summary>
public static class PretrainingRun
{
    /// <summary>
    /// Writes or reads the corpus, learns the vocabulary, trains, and writes the GGUF file if the config asks for one and every step was made.
    /// </summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint from which to resume.</param>
    /// <exception cref="InvalidDataException">The corpus is too small, or the checkpoint is damaged or of another config.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step.</exception>
    public static TrainingResult Run(TrainingConfig config, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        RunFiles files = new(config.RunDirectory);
        string corpus = RunPreparation.Corpus(config, files, resume, log, cancellationToken);
        ByteLevelBpeTokenizer tokenizer = RunPreparation.Tokenizer(config, corpus, log, cancellationToken);
        TokenDataset dataset = new(TokenCache.Load(corpus, tokenizer, files.Tokens), config.HeldOutShare);
        (ITrainingObjective objective, Action<string> save) = PretrainedModels.Create(config, tokenizer, dataset);
        RunExport.Check(config, objective.Parameters);
        using Trainer trainer = new(config, objective, log);
        TrainingResult result = trainer.Train(resume, cancellationToken);
        if (result.Completed) RunExport.Write(config, trainer, objective.Parameters, save, log);
        return result;
    }
}
