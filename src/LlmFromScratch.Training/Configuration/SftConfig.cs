namespace LlmFromScratch.Training.Configuration;

/// <summary>Supervised fine-tuning: a base model learns to answer. <c>examples</c> holds conversations.</summary>
public sealed record SftConfig : FineTuningConfig;
