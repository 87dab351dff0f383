namespace LlmFromScratch.Training.Evaluation;

/// <summary>What one rule tells apart of two models' answers.</summary>
/// <param name="Rule">In a few words.</param>
/// <param name="OnlyHere">Answers that keep it where the reference's does not.</param>
/// <param name="OnlyThere">The other way round.</param>
public sealed record RuleComparison(string Rule, int OnlyHere, int OnlyThere)
{
    /// <summary>Counts, for each rule, the pairs of answers of which one keeps it.</summary>
    /// <param name="pairs">Which rules the two answers of each pair keep.</param>
    /// <param name="names">The rules.</param>
    internal static RuleComparison[] Count(IReadOnlyList<(bool[] Here, bool[] There)> pairs, IReadOnlyList<string> names) => [.. names.Select((name, rule) => new RuleComparison(
        name, pairs.Count(pair => pair.Here[rule] && !pair.There[rule]), pairs.Count(pair => pair.There[rule] && !pair.Here[rule])))];
}
