namespace LlmFromScratch.Training.Configuration;

/// <summary>Preference tuning without a reward model. <c>examples</c> holds preferences; <c>batchSize</c> counts sequences, each of which holds as many answers as fit.</summary>
public sealed record DpoConfig : FineTuningConfig
{
    /// <summary>"dpo" or "ipo".</summary>
    public string Loss { get; init; } = "dpo";

    /// <summary>β: how dear it is to leave the parent.</summary>
    public double Beta { get; init; } = 0.1;

    /// <summary>α: what the likelihood of the chosen answers weighs beside the loss (<see cref="Alignment.PreferenceLosses.ChosenLikelihood"/>); 0 for nothing.</summary>
    public double ChosenWeight { get; init; }

    /// <inheritdoc/>
    internal override string Identity => FormattableString.Invariant($"{base.Identity}, {Loss}, beta {Beta}") + (ChosenWeight == 0 ? "" : FormattableString.Invariant($", chosen {ChosenWeight}"));

    /// <inheritdoc/>
    internal override void Validate(FieldChecks checks)
    {
        base.Validate(checks);
        checks.OneOf("loss", Loss, "dpo", "ipo");
        checks.AtLeast(2, "batchSize", BatchSize); // a pair of long answers takes two sequences
        checks.Check(Beta > 0, "beta", "above 0", Beta);
        checks.Check(ChosenWeight >= 0, "chosenWeight", "at least 0", ChosenWeight);
    }
}
