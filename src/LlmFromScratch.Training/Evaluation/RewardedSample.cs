namespace LlmFromScratch.Training.Evaluation;

/// <summary>An answer as it was sampled.</summary>
/// <param name="Prompt">What was said before, a slash between the turns.</param>
/// <param name="Answer">The answer, unedited.</param>
/// <param name="Reward">What the reward model thinks of it.</param>
/// <param name="IsRight">Whether it is right; null where the prompt is no question with one right answer.</param>
public sealed record RewardedSample(string Prompt, string Answer, double Reward, bool? IsRight);
