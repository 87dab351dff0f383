using LlmFromScratch.Training.Data.Checking;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>How many of a model's tales hold together, by the <see cref="WorldChecker"/>.</summary>
/// <param name="Told">Tales.</param>
/// <param name="Consistent">Tales in which it found no contradiction.</param>
/// <param name="Problems">The first contradiction of each of the first few others.</param>
public sealed record ConsistencyEvaluation(int Told, int Consistent, IReadOnlyList<string> Problems)
{
    private const int ShownProblems = 5;

    /// <summary>Consistent of told.</summary>
    public double Share => (double)Consistent / Math.Max(1, Told);

    /// <summary>Lets a model tell tales and checks each.</summary>
    /// <param name="tell">The tale of a seed.</param>
    /// <param name="count">Tales.</param>
    /// <param name="firstSeed">The seed of the first; the others follow.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    public static ConsistencyEvaluation Measure(Func<ulong, string> tell, int count, ulong firstSeed, Action<double> progress, CancellationToken cancellation)
    {
        int consistent = 0;
        List<string> problems = [];
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            WorldReport report = WorldChecker.Check(tell(firstSeed + (ulong)i));
            if (report.IsConsistent) consistent++;
            else if (problems.Count < ShownProblems) problems.Add(report.Problems[0]);
            progress((i + 1.0) / count);
        }
        return new ConsistencyEvaluation(count, consistent, problems);
    }
}
