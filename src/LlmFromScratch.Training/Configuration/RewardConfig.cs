namespace LlmFromScratch.Training.Configuration;

/// <summary>The training of a reward model: <c>examples</c> holds preferences.</summary>
public sealed record RewardConfig : FineTuningConfig;
