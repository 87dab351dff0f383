namespace LlmFromScratch.Training.Configuration;

/// <summary>
/// Reinforcement learning from rewards: the policy answers prompts, and what was rewarded becomes likelier. <c>examples</c> holds conversations, whose last answer is left
/// to the policy.
/// </summary>
public sealed record PpoConfig : FineTuningConfig
{
    /// <summary>"ppo": a value head and generalised advantages; "grpo": several answers to a prompt are compared with each other.</summary>
    public string Algorithm { get; init; } = "ppo";

    /// <summary>The reward model's file, as <c>llmfs reward</c> writes it, or null for the reward that compares with the expected answer.</summary>
    public string? Reward { get; init; }

    /// <summary>β: how dear it is to leave the parent; 0 for no price.</summary>
    public double Beta { get; init; } = 0.05;

    /// <summary>ε: how far an update may move a token's probability, as a ratio.</summary>
    public double Clip { get; init; } = 0.2;

    /// <summary>γ of the advantages.</summary>
    public double Discount { get; init; } = 1;

    /// <summary>λ of the advantages.</summary>
    public double Lambda { get; init; } = 0.95;

    /// <summary>The weight of the value head's loss.</summary>
    public double ValueWeight { get; init; } = 0.5;

    /// <summary>Answers sampled before the policy learns from them.</summary>
    public int Rollouts { get; init; } = 32;

    /// <summary>Answers to the same prompt, for "grpo".</summary>
    public int GroupSize { get; init; } = 4;

    /// <summary>Steps that learn from the same answers.</summary>
    public int UpdatesPerRollout { get; init; } = 2;

    /// <summary>The longest answer, in tokens.</summary>
    public int MaxAnswerTokens { get; init; } = 64;

    private protected override IEnumerable<(string Field, string? Path)> Inputs => [.. base.Inputs, ("reward", Reward)];

    /// <inheritdoc/>
    internal override string Identity => FormattableString.Invariant(
        $"{base.Identity}, beta {Beta}, clip {Clip}, {Rollouts} rollouts of {MaxAnswerTokens} tokens, {UpdatesPerRollout} updates, group {GroupSize}, gamma {Discount}, lambda {Lambda}, value {ValueWeight}");

    /// <inheritdoc/>
    internal override void Validate(FieldChecks checks)
    {
        base.Validate(checks);
        checks.Check(AccumulationSteps == 1, "accumulationSteps", "1: batchSize says how many a step reads", AccumulationSteps);
        checks.OneOf("algorithm", Algorithm, "ppo", "grpo");
        checks.Check(Beta >= 0, "beta", "0 or above", Beta);
        checks.Check(Clip is > 0 and < 1, "clip", "between 0 and 1", Clip);
        checks.Check(Discount is > 0 and <= 1, "discount", "above 0, at most 1", Discount);
        checks.Check(Lambda is >= 0 and <= 1, "lambda", "from 0 to 1", Lambda);
        checks.Check(ValueWeight >= 0, "valueWeight", "0 or above", ValueWeight);
        checks.AtLeast(1, "rollouts", Rollouts);
        checks.AtLeast(2, "groupSize", GroupSize);
        checks.Check(Algorithm == "ppo" || Rollouts % GroupSize == 0, "rollouts", $"a multiple of groupSize {GroupSize}", Rollouts);
        checks.AtLeast(1, "updatesPerRollout", UpdatesPerRollout);
        checks.Check(MaxAnswerTokens >= 1 && MaxAnswerTokens < SequenceLength, "maxAnswerTokens", $"from 1 to below sequenceLength {SequenceLength}", MaxAnswerTokens);
    }
}
