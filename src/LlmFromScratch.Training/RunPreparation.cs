using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Training;

/// <summary>What stands between a config and the first step: the corpus, the vocabulary learnt from it, the ids.</summary>
internal static class RunPreparation
{
    /// <summary>The corpus file: the config's own, or a generated one. A resumed run takes the text that is there.</summary>
    public static string Corpus(TrainingConfig config, RunFiles files, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        if (config.Corpus.File is string file) return file;
        string path = files.Corpus(config.Corpus);
        if (resume && File.Exists(path)) return path;
        log.Line($"writing {config.Corpus.Bytes:N0} bytes of {config.Corpus.Generator}, seed {config.Corpus.Seed}");
        // Not null and known: the config was checked.
        GeneratedCorpora.Get(config.Corpus.Generator!).Write(path, config.Corpus.Seed, config.Corpus.Bytes, cancellationToken: cancellationToken);
        return path;
    }

    /// <summary>Learns a byte-level vocabulary of exactly the config's size; <c>&lt;|endoftext|&gt;</c> stands before a text and after it.</summary>
    /// <exception cref="InvalidDataException">The corpus has too few different words for so many tokens.</exception>
    public static ByteLevelBpeTokenizer Tokenizer(TrainingConfig config, string corpusPath, TrainingLog log, CancellationToken cancellationToken)
    {
        log.Line($"learning a vocabulary of {config.VocabSize} tokens from {corpusPath}");
        BpeTrainer trainer = new(new BpeTrainingOptions
        {
            VocabSize = config.VocabSize,
            ControlTokens = [TokenCache.Separator, .. config.ControlTokens],
            BeginOfSequence = TokenCache.Separator,
            EndOfSequence = TokenCache.Separator,
        });
        ByteLevelBpeTokenizer tokenizer = trainer.Train(TokenCache.Documents(File.ReadAllText(corpusPath)), null, cancellationToken);
        return tokenizer.VocabSize == config.VocabSize ? tokenizer : throw new InvalidDataException(
            $"{corpusPath}: vocabSize: expected {config.VocabSize} tokens, but the corpus gives only {tokenizer.VocabSize}. "
            + "Is it too small, or the vocabulary too large?");
    }
}
