namespace LlmFromScratch.Training.Alignment;

/// <summary>One article of a <see cref="Constitution"/>.</summary>
/// <param name="Name">What it asks for, in a word: it becomes the pair's rule.</param>
/// <param name="Criticise">What is wrong with an answer, or null if nothing is.</param>
/// <param name="Revise">The answer made better.</param>
public sealed record ConstitutionRule(string Name, Func<string, string?> Criticise, Func<string, string> Revise);
