namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>A rule that a text passes when something measured in it lies between two bounds.</summary>
/// <param name="Name">What the funnel calls it.</param>
/// <param name="Source">Where rule and bounds come from.</param>
/// <param name="Least">The least value that passes.</param>
/// <param name="Most">The greatest value that passes.</param>
/// <param name="Measure">What is measured.</param>
public sealed record QualityRule(string Name, string Source, double Least, double Most, Func<DocumentStatistics, double> Measure)
{
    /// <summary><c>Least ≤ Measure(statistics) ≤ Most</c>.</summary>
    public bool Passes(DocumentStatistics statistics) => Measure(statistics) is double value && value >= Least && value <= Most;
}
