namespace LlmFromScratch.Training.Configuration;

/// <summary>The sizes of low-rank adapters (Hu et al. 2021).</summary>
public sealed record LoraConfig
{
    /// <summary>r: the rank of what each matrix may learn.</summary>
    public required int Rank { get; init; }

    /// <summary>α: the adapter's output is scaled by α/r.</summary>
    public float Alpha { get; init; } = 16;

    /// <summary>How the frozen weights are rounded: "F32" not at all, a block format such as "Q4_0" as QLoRA does (Dettmers et al. 2023).</summary>
    public string BaseType { get; init; } = "F32";

    internal void Validate(FieldChecks checks)
    {
        checks.AtLeast(1, "lora.rank", Rank);
        checks.Check(Alpha > 0, "lora.alpha", "above 0", Alpha);
        checks.OneOf("lora.baseType", BaseType, RunConfig.RoundingTypes);
    }
}
