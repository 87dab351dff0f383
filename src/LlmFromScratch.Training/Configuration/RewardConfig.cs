namespace LlmFromScratch.Training.Configuration;

/// <summary>The training of a reward model: <c>examples</c> holds preferences, and all of the parent's weights learn.</summary>
public sealed record RewardConfig : FineTuningConfig
{
    /// <inheritdoc/>
    internal override void Validate(FieldChecks checks)
    {
        base.Validate(checks);
        checks.Check(AccumulationSteps == 1, "accumulationSteps", "1: batchSize says how many a step reads", AccumulationSteps);
        checks.AtLeast(2, "batchSize", BatchSize); // a pair of long answers takes two sequences
        checks.Check(Lora is null, "lora", "none: all weights of a reward model learn", "adapters");
    }
}
