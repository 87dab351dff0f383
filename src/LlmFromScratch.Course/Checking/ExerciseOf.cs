namespace LlmFromScratch.Course.Checking;

/// <summary>An exercise whose candidates have the type <typeparamref name="TCandidate"/>: a delegate, a backend, a tokenizer, a sampler.</summary>
internal abstract class Exercise<TCandidate> : Exercise where TCandidate : class
{
    private readonly Lazy<(IReadOnlyList<ExerciseCase<TCandidate>> Cases, IReadOnlyList<Answer> Expected)> _cases;

    /// <summary>Cases and expected answers are made when the first candidate comes.</summary>
    protected Exercise() => _cases = new(() =>
    {
        IReadOnlyList<ExerciseCase<TCandidate>> cases = [.. CreateCases()];
        TCandidate solution = Solution;
        return (cases, [.. cases.Select(one => one.Ask(solution, new Inputs()))]);
    });

    /// <inheritdoc/>
    public sealed override Type CandidateType => typeof(TCandidate);

    /// <inheritdoc/>
    public sealed override object CreateSolution() => Solution;

    /// <inheritdoc/>
    public sealed override object CreateStub() => Stub;

    /// <inheritdoc/>
    public sealed override int CaseCount => _cases.Value.Cases.Count;

    /// <summary>A right implementation; what it answers is what every case expects. Made of the library, so that exercises and engine agree.</summary>
    protected abstract TCandidate Solution { get; }

    /// <summary>What stands in the notebook: throws <see cref="NotImplementedException"/>.</summary>
    protected abstract TCandidate Stub { get; }

    /// <summary>The hard cases, the easiest first: the first that fails is the one that is shown.</summary>
    protected abstract IEnumerable<ExerciseCase<TCandidate>> CreateCases();

    /// <summary>How far a number may be off.</summary>
    protected virtual Tolerance Tolerance => Tolerance.Float;

    /// <summary>A mistake of this exercise.</summary>
    protected static Mistake Mistake(string name, string diagnosis, TCandidate mutant) => new(name, diagnosis, mutant);

    /// <summary>A case of this exercise.</summary>
    protected static ExerciseCase<TCandidate> Case(string name, Func<TCandidate, Inputs, Answer> ask) => new(name, ask);

    /// <inheritdoc/>
    public sealed override CheckResult Check(object candidate, CheckLimits limits)
    {
        var report = new CheckReport(this, limits);
        if (candidate is not TCandidate typed) return report.WrongType(candidate.GetType());
        (IReadOnlyList<ExerciseCase<TCandidate>> cases, IReadOnlyList<Answer> expected) = _cases.Value;
        var outcomes = new List<CaseOutcome>(); // of the cases that ended
        (CandidateThread.End end, TimeSpan elapsed) = CandidateThread.Run(() =>
        {
            foreach (ExerciseCase<TCandidate> one in cases)
            {
                CaseOutcome outcome = CaseOutcome.Of(inputs => one.Ask(typed, inputs));
                outcomes.Add(outcome);
                if (outcome.Error is NotImplementedException) return;
            }
        }, limits.Stop);
        if (end != CandidateThread.End.Completed) return report.Stopped(cases[outcomes.Count].Name, end, CaseText.Of(cases[outcomes.Count], Solution, typed));
        if (outcomes[^1].Error is NotImplementedException) return report.NotDone();

        bool[] isRight = [.. outcomes.Select((outcome, i) => outcome.IsRight(expected[i], Tolerance))];
        return Array.TrueForAll(isRight, right => right)
            ? report.Passed(isSlow: elapsed > limits.Slow)
            : report.Failed([.. cases.Select(one => one.Name)], expected, outcomes, isRight, Tolerance, FindMistake(outcomes, isRight),
                CaseText.Of(cases[Array.IndexOf(isRight, false)], Solution, typed));
    }

    // A mistake is named only when it explains every case: right where the candidate is right, and wrong in the same way where it is wrong.
    private Mistake? FindMistake(List<CaseOutcome> outcomes, bool[] isRight)
    {
        (IReadOnlyList<ExerciseCase<TCandidate>> cases, IReadOnlyList<Answer> expected) = _cases.Value;
        return Mistakes.FirstOrDefault(mistake => Enumerable.Range(0, cases.Count).All(i =>
        {
            CaseOutcome mutant = CaseOutcome.Of(inputs => cases[i].Ask((TCandidate)mistake.Mutant, inputs));
            return isRight[i] ? mutant.IsRight(expected[i], Tolerance) : !mutant.IsRight(expected[i], Tolerance) && mutant.AgreesWith(outcomes[i], Tolerance);
        }));
    }
}
