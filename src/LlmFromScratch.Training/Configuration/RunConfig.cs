using System.Text.Json.Serialization;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Training.Configuration;

/// <summary>What every training run has, whatever it learns: steps, optimizer, schedule, reports, checkpoints. Recipes are read by <see cref="ConfigFile"/>.</summary>
public abstract record RunConfig
{
    /// <summary>The names that <see cref="WeightType"/> may have.</summary>
    internal static ReadOnlySpan<string> RoundingTypes => (string[])["F32", "BF16", "Q8_0", "Q4_0", "Q4_1"];

    /// <summary>The model's name, also in the exported file.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of the run: token cache, checkpoint, metrics. Relative to the current directory.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>B: sequences that go through the model at once.</summary>
    public required int BatchSize { get; init; }

    /// <summary>How many batches add up to one step: gradients are added, and the optimizer moves once.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>T: tokens of each sequence, at most.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>How many steps to make.</summary>
    public required int Steps { get; init; }

    /// <summary>"adamw", "adam" (no decay), "sgd", "momentum" or "muon".</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>The peak of the learning rate, reached after the warm-up.</summary>
    public required float LearningRate { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public float FinalLearningRate { get; init; }

    /// <summary>After the warm-up: "cosine", "linear" or "wsd" (stays at the peak, falls over the last decaySteps).</summary>
    public string Schedule { get; init; } = "cosine";

    /// <summary>Steps in which the learning rate climbs.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Steps in which a "wsd" schedule falls.</summary>
    public int DecaySteps { get; init; } = 100;

    /// <summary>How much of each matrix fades with every step, times the learning rate; norms and biases do not fade.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>β₁ of Adam.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂ of Adam.</summary>
    public float Beta2 { get; init; } = 0.95f;

    /// <summary>μ of "momentum" and "muon".</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>The longest gradient; longer ones are scaled down to it.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>
    /// How weights are rounded while they are used, see <see cref="RoundedWeights"/>: "F32" not at all, "BF16" for mixed precision, a block format such as
    /// "Q4_0" for quantization-aware training.
    /// </summary>
    public string WeightType { get; init; } = "F32";

    /// <summary>The seed of the first weights and of the order of the data.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between progress lines where there is no terminal.</summary>
    public int LogEvery { get; init; } = 10;

    /// <summary>Steps between evaluations on held-out data.</summary>
    public int EvaluateEvery { get; init; } = 250;

    /// <summary>The most batches that an evaluation reads.</summary>
    public int EvaluateBatches { get; init; } = 8;

    /// <summary>Ends the run after this many evaluations in a row without a better one; 0 for never. The weights stay those of the last step.</summary>
    public int StopAfterEvaluations { get; init; }

    /// <summary>Steps between sampled texts; 0 for none.</summary>
    public int SampleEvery { get; init; }

    /// <summary>Steps between checkpoints; the last step writes one too.</summary>
    public int CheckpointEvery { get; init; } = 250;

    /// <summary>Stops after this step as an interrupt does, with a checkpoint; 0 for never. No part of a recipe: the schedule does not know of it.</summary>
    [JsonIgnore]
    public int StopAfterStep { get; init; }

    /// <summary>Threads, or 0 for one a core. The losses do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>The GGUF file to write after the last step, or null for none.</summary>
    public string? ExportFile { get; init; }

    /// <summary>How matrices are stored in it.</summary>
    public string ExportType { get; init; } = "Q8_0";

    internal ILearningRateSchedule CreateSchedule() => Schedule switch
    {
        "linear" => new LinearSchedule(LearningRate, FinalLearningRate, WarmupSteps, Steps),
        "wsd" => new WsdSchedule(LearningRate, FinalLearningRate, WarmupSteps, DecaySteps, Steps),
        _ => new CosineSchedule(LearningRate, FinalLearningRate, WarmupSteps, Steps),
    };

    internal Optimizer CreateOptimizer(IReadOnlyList<Variable> parameters, Tape tape)
    {
        AdamWSettings settings = new() { Beta1 = Beta1, Beta2 = Beta2, WeightDecay = Optimizer == "adam" ? 0 : WeightDecay };
        return Optimizer switch
        {
            "sgd" => new Sgd(parameters),
            "momentum" => new Sgd(parameters, Momentum),
            "muon" => new Muon(parameters, settings, Momentum, tape),
            _ => new AdamW(parameters, settings),
        };
    }

    internal RoundedWeights? CreateRounding(IReadOnlyList<Variable> parameters)
    {
        if (WeightType == "F32") return null;
        DType type = Enum.Parse<DType>(WeightType);
        BlockFit.Require($"{Name}: weightType", type, parameters.Where(parameter => parameter.Shape.Rank > 1));
        return new RoundedWeights(parameters, type);
    }

    /// <summary>What the optimizer's state depends on. The learning rate and its schedule may change when a run goes on.</summary>
    private protected string OptimizerIdentity => FormattableString.Invariant($", {Optimizer}, beta {Beta1} {Beta2}, momentum {Momentum}, decay {WeightDecay}, clip {ClipNorm}, weights {WeightType}");

    internal int ThreadCount => Threads == 0 ? Environment.ProcessorCount : Threads;

    /// <summary>Where the run's last state is.</summary>
    public string CheckpointFile() => Path.Combine(RunDirectory, RunFiles.CheckpointName);

    internal DType ExportDType => Enum.Parse<DType>(ExportType);

    /// <summary>Checks every field.</summary>
    /// <exception cref="InvalidDataException">A value is out of its range.</exception>
    internal virtual void Validate(FieldChecks checks)
    {
        foreach ((string field, int value, int least) in (ReadOnlySpan<(string, int, int)>)[("batchSize", BatchSize, 1), ("steps", Steps, 1),
            ("accumulationSteps", AccumulationSteps, 1), ("sequenceLength", SequenceLength, 1), ("warmupSteps", WarmupSteps, 0),
            ("decaySteps", DecaySteps, 1), ("logEvery", LogEvery, 1), ("evaluateEvery", EvaluateEvery, 1), ("evaluateBatches", EvaluateBatches, 1),
            ("stopAfterEvaluations", StopAfterEvaluations, 0), ("sampleEvery", SampleEvery, 0), ("checkpointEvery", CheckpointEvery, 1),
            ("threads", Threads, 0)])
            checks.AtLeast(least, field, value);
        foreach ((string field, string? text) in (ReadOnlySpan<(string, string?)>)[("name", Name), ("runDirectory", RunDirectory), ("exportFile", ExportFile ?? "none")])
            checks.Check(!string.IsNullOrWhiteSpace(text), field, "a name", text is null ? "null" : "nothing");
        checks.OneOf("optimizer", Optimizer, "adamw", "adam", "sgd", "momentum", "muon");
        checks.OneOf("schedule", Schedule, "cosine", "linear", "wsd");
        checks.OneOf("weightType", WeightType, RoundingTypes);
        checks.OneOf("exportType", ExportType, "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1");
        checks.Check(LearningRate > 0 && float.IsFinite(LearningRate), "learningRate", "above 0", LearningRate);
        checks.Check(FinalLearningRate >= 0 && FinalLearningRate <= LearningRate, "finalLearningRate", "from 0 to learningRate", FinalLearningRate);
        checks.Check(WeightDecay is >= 0 and < 100, "weightDecay", "from 0 to 100", WeightDecay);
        foreach ((string field, float value) in (ReadOnlySpan<(string, float)>)[("beta1", Beta1), ("beta2", Beta2), ("momentum", Momentum)])
            checks.Check(value is >= 0 and < 1, field, "in [0, 1)", value);
        checks.Check(ClipNorm > 0, "clipNorm", "above 0", ClipNorm);
    }
}
