namespace LlmFromScratch.Training.Configuration;

/// <summary>A run that starts from a trained model: what all kinds of fine-tuning have.</summary>
public abstract record FineTuningConfig : RunConfig
{
    /// <summary>The GGUF file to start from: a llama, with or without experts, a qwen2, a qwen3 or a GPT-2, its vocabulary a byte-level BPE.</summary>
    public required string Parent { get; init; }

    /// <summary>The examples: a file with one JSON object a line.</summary>
    public required string Examples { get; init; }

    /// <summary>How many examples, from the end of the file, are never trained on.</summary>
    public int HeldOutExamples { get; init; } = 200;

    /// <summary>Adapters to train in place of the weights, or null for the weights themselves.</summary>
    public LoraConfig? Lora { get; init; }

    /// <inheritdoc/>
    internal override void Validate(FieldChecks checks)
    {
        base.Validate(checks);
        checks.AtLeast(1, "heldOutExamples", HeldOutExamples);
        Lora?.Validate(checks);
    }

    /// <summary>Refuses a run whose files are not there.</summary>
    /// <exception cref="FileNotFoundException">One is missing; the message names the field.</exception>
    internal void RequireFiles()
    {
        foreach ((string field, string? path) in Inputs)
            if (path is not null && !File.Exists(path)) throw new FileNotFoundException($"{Name}: {field}: expected a file, there is none at {path}. How it is made, models/README.md and the recipe say.");
    }

    /// <summary>The fields that name files which a run reads.</summary>
    private protected virtual IEnumerable<(string Field, string? Path)> Inputs => [("parent", Parent), ("examples", Examples)];

    /// <summary>What the meaning of a checkpoint's numbers depends on, besides the model and the data.</summary>
    internal virtual string Identity => FormattableString.Invariant($"B {BatchSize} x {AccumulationSteps}, T {SequenceLength}, seed {Seed}, {Lora}") + OptimizerIdentity;
}
