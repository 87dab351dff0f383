namespace LlmFromScratch.Training.Evaluation;

/// <summary>A text of the model, and how near it is to what it was trained on.</summary>
/// <param name="Text">The text, unedited.</param>
/// <param name="Overlap">The share of its sequences of eight words that stand in the training text; null without a training text.</param>
/// <param name="NearestSentence">The training sentence nearest to its longest one.</param>
/// <param name="Similarity">Common words over words of either.</param>
public sealed record SampleReport(string Text, double? Overlap, string? NearestSentence, double? Similarity);
