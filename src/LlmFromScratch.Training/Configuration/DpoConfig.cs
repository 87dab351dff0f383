namespace LlmFromScratch.Training.Configuration;

/// <summary>Preference tuning without a reward model. <c>examples</c> holds preferences; <c>batchSize</c> counts pairs.</summary>
public sealed record DpoConfig : FineTuningConfig
{
    /// <summary>"dpo" or "ipo".</summary>
    public string Loss { get; init; } = "dpo";

    /// <summary>β: how dear it is to leave the parent.</summary>
    public double Beta { get; init; } = 0.1;

    /// <inheritdoc/>
    internal override string Identity => FormattableString.Invariant($"{base.Identity}, {Loss}, beta {Beta}");

    /// <inheritdoc/>
    internal override void Validate(FieldChecks checks)
    {
        base.Validate(checks);
        checks.OneOf("loss", Loss, "dpo", "ipo");
        checks.Check(Beta > 0, "beta", "above 0", Beta);
    }
}
