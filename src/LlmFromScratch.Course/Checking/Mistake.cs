namespace LlmFromScratch.Course.Checking;

/// <summary>A typical mistake: an implementation that makes it, and what to tell a learner whose answers are the same.</summary>
/// <param name="Name">A few words that tell it from the exercise's other mistakes.</param>
/// <param name="Diagnosis">What went wrong and where to look, without giving the solution away.</param>
/// <param name="Mutant">The implementation: a candidate of the exercise's type.</param>
internal sealed record Mistake(string Name, string Diagnosis, object Mutant)
{
    /// <summary>Whether any exception of a candidate is the same as the mutant's, whatever its type: where learners who make one mistake end in many.</summary>
    public bool IsAnyError { get; init; }
}
