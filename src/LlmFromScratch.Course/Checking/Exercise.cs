namespace LlmFromScratch.Course.Checking;

/// <summary>
/// One exercise of a chapter: what is asked, the solution, and the typical mistakes. A class per exercise, in Chapters/ChNN; it is found by
/// reflection, so it needs a constructor without parameters and no entry in any list. Derive from <see cref="Exercise{TCandidate}"/>.
/// </summary>
internal abstract class Exercise
{
    /// <summary>Chapter and number, "6.3".</summary>
    public abstract string Id { get; }

    /// <summary>What is asked for, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>The type of a candidate.</summary>
    public abstract Type CandidateType { get; }

    /// <summary>A right implementation.</summary>
    public abstract object CreateSolution();

    /// <summary>What stands in the notebook before the learner has written anything.</summary>
    public abstract object CreateStub();

    /// <summary>The typical mistakes, at least four.</summary>
    public abstract IReadOnlyList<Mistake> Mistakes { get; }

    /// <summary>The number of hard cases.</summary>
    public abstract int CaseCount { get; }

    /// <summary>Checks a candidate.</summary>
    public abstract CheckResult Check(object candidate, CheckLimits limits);
}
