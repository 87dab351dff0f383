using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmFromScratch.Training.Configuration;

/// <summary>
/// Everything that decides a training run: the same file gives the same losses. Written as JSON with the names below in camel case; a
/// field that is not listed here is refused, so that a misspelt one cannot be ignored.
/// </summary>
public sealed record TrainingConfig
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The model's name, also in the exported file.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of the run: tokenizer, token cache, checkpoint, metrics. Relative to the current directory.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>The text to learn.</summary>
    public required CorpusConfig Corpus { get; init; }

    /// <summary>V: tokens in the vocabulary that is trained on the corpus.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The sizes of the model.</summary>
    public required ModelSizes Model { get; init; }

    /// <summary>B: sequences a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>T: tokens of each sequence.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>How many steps to make.</summary>
    public required int Steps { get; init; }

    /// <summary>The peak of the learning rate, reached after the warm-up.</summary>
    public required float LearningRate { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public float FinalLearningRate { get; init; }

    /// <summary>Steps in which the learning rate climbs.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>How much of each matrix fades with every step, times the learning rate.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>β₁ of AdamW.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂ of AdamW.</summary>
    public float Beta2 { get; init; } = 0.95f;

    /// <summary>The longest gradient; longer ones are scaled down to it.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The seed of the first weights and of the order of the data.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The share of the tokens, at the end of the corpus, that is never trained on.</summary>
    public double HeldOutShare { get; init; } = 0.02;

    /// <summary>Steps between progress lines.</summary>
    public int LogEvery { get; init; } = 10;

    /// <summary>Steps between evaluations on the held-out text.</summary>
    public int EvaluateEvery { get; init; } = 250;

    /// <summary>The most batches that an evaluation reads.</summary>
    public int EvaluateBatches { get; init; } = 8;

    /// <summary>Steps between checkpoints; the last step writes one too.</summary>
    public int CheckpointEvery { get; init; } = 250;

    /// <summary>Threads, or 0 for one a core. The losses do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>The GGUF file to write after the last step, or null for none.</summary>
    public string? ExportFile { get; init; }

    /// <summary>How matrices are stored in it: "F32" or "Q8_0".</summary>
    public string ExportType { get; init; } = "Q8_0";

    /// <summary>Reads a config file.</summary>
    /// <param name="path">A JSON file.</param>
    /// <exception cref="InvalidDataException">No JSON, an unknown or missing field, or a value out of its range; the message names it.</exception>
    public static TrainingConfig Load(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Reads a config.</summary>
    /// <param name="json">The text of a config file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">As <see cref="Load"/>.</exception>
    public static TrainingConfig Parse(string json, string source)
    {
        try
        {
            TrainingConfig? config = JsonSerializer.Deserialize<TrainingConfig>(json, Options);
            return config is null ? throw new InvalidDataException($"{source}: expected a JSON object, got null.") : config.Validate(source);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{source}: not a training config: {error.Message}", error);
        }
    }

    // Only what decides the meaning of a checkpoint's numbers; steps, threads and reporting may change between runs.
    internal string Identity => $"{Model}, V {VocabSize}, {Corpus}, B {BatchSize}, T {SequenceLength}, seed {Seed}, held out {HeldOutShare}";

    private TrainingConfig Validate(string source)
    {
        foreach ((string field, int value, int least) in (ReadOnlySpan<(string, int, int)>)[("vocabSize", VocabSize, 1), ("batchSize", BatchSize, 1),
            ("sequenceLength", SequenceLength, 1), ("steps", Steps, 1), ("warmupSteps", WarmupSteps, 0), ("logEvery", LogEvery, 1),
            ("evaluateEvery", EvaluateEvery, 1), ("evaluateBatches", EvaluateBatches, 1), ("checkpointEvery", CheckpointEvery, 1),
            ("threads", Threads, 0)])
            Check(value >= least, field, $"at least {least}", value);
        Check(LearningRate > 0 && float.IsFinite(LearningRate), "learningRate", "above 0", LearningRate);
        Check(FinalLearningRate >= 0 && FinalLearningRate <= LearningRate, "finalLearningRate", "from 0 to learningRate", FinalLearningRate);
        Check(WeightDecay is >= 0 and < 100, "weightDecay", "from 0 to 100", WeightDecay);
        Check(Beta1 is >= 0 and < 1, "beta1", "in [0, 1)", Beta1);
        Check(Beta2 is >= 0 and < 1, "beta2", "in [0, 1)", Beta2);
        Check(ClipNorm > 0, "clipNorm", "above 0", ClipNorm);
        Check(HeldOutShare is > 0 and < 1, "heldOutShare", "between 0 and 1", HeldOutShare);
        Check(SequenceLength <= Model.ContextLength, "sequenceLength", $"at most model.contextLength {Model.ContextLength}", SequenceLength);
        Check(ExportType is "F32" or "Q8_0", "exportType", "\"F32\" or \"Q8_0\"", ExportType);
        Check(Corpus.File is null != Corpus.Generator is null, "corpus", "a file or a generator, not both", Corpus);
        Check(Corpus.Generator is null or "tiny-tales", "corpus.generator", "\"tiny-tales\"", Corpus.Generator ?? "");
        Check(Corpus.Bytes > 0, "corpus.bytes", "at least 1", Corpus.Bytes);
        Model.ToModelConfig(VocabSize);
        return this;

        void Check(bool holds, string field, string expected, object got)
        {
            if (!holds) throw new InvalidDataException($"{source}: {field}: expected {expected}, got {got}.");
        }
    }
}
