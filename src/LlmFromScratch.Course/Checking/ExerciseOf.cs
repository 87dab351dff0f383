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

    /// <summary>How long a candidate may take over all cases, where that is less than the limit of the check.</summary>
    protected virtual TimeSpan MostTime => TimeSpan.MaxValue;

    /// <summary>What it means when a case has no answer and all before it are right; null when nothing is known.</summary>
    /// <param name="caseName">The name of that case.</param>
    protected virtual string? WhyNoAnswer(string caseName) => null;

    /// <summary>Whether a candidate may be tempted to draw random numbers of its own. Then one that fails without a known mistake is asked once more.</summary>
    protected virtual bool MayDrawItself => false;

    /// <summary>A mistake of this exercise.</summary>
    protected static Mistake Mistake(string name, string diagnosis, TCandidate mutant) => new(name, diagnosis, mutant);

    /// <summary>A case of this exercise.</summary>
    protected static ExerciseCase<TCandidate> Case(string name, Func<TCandidate, Inputs, Answer> ask) => new(name, ask);

    /// <inheritdoc/>
    public sealed override CheckResult Check(object candidate, CheckLimits limits)
    {
        limits = limits with { Stop = MostTime < limits.Stop ? MostTime : limits.Stop };
        var report = new CheckReport(this, limits);
        if (candidate is not TCandidate typed) return report.WrongType(candidate.GetType());
        (IReadOnlyList<ExerciseCase<TCandidate>> cases, IReadOnlyList<Answer> expected) = _cases.Value;
        (List<CaseOutcome> outcomes, CandidateThread.End end, TimeSpan elapsed) = Ask(typed, limits);
        bool[] isRight = [.. outcomes.Select((outcome, i) => outcome.IsRight(expected[i], Tolerance))];
        if (end != CandidateThread.End.Completed)
        {
            ExerciseCase<TCandidate> unanswered = cases[outcomes.Count];
            string? why = Array.TrueForAll(isRight, right => right) ? WhyNoAnswer(unanswered.Name) : null;
            return report.Stopped(unanswered.Name, end, CaseText.Of(unanswered, Solution, typed), why);
        }
        if (outcomes[^1].Error is NotImplementedException) return report.NotDone();
        if (Array.TrueForAll(isRight, right => right)) return report.Passed(isSlow: elapsed > limits.Slow);

        Mistake? mistake = FindMistake(outcomes, isRight);
        if (mistake is null && MayDrawItself && IsAnotherTheSecondTime(outcomes, Ask(typed, limits).Outcomes)) mistake = new Mistake("another answer each time",
            "asked the same twice, your code gave two answers. Does it draw a random number of its own? All that is random comes in as a parameter.", typed);
        return report.Failed([.. cases.Select(one => one.Name)], expected, outcomes, isRight, Tolerance, mistake,
            CaseText.Of(cases[Array.IndexOf(isRight, false)], Solution, typed));
    }

    // What the candidate answers, case by case, until it is done, has no answer, or says that it is not written yet.
    private (List<CaseOutcome> Outcomes, CandidateThread.End End, TimeSpan Elapsed) Ask(TCandidate candidate, CheckLimits limits)
    {
        var outcomes = new List<CaseOutcome>(); // of the cases that ended
        (CandidateThread.End end, TimeSpan elapsed) = CandidateThread.Run(stop =>
        {
            foreach (ExerciseCase<TCandidate> one in _cases.Value.Cases)
            {
                CaseOutcome outcome = CaseOutcome.Of(inputs => one.Ask(candidate, inputs), stop);
                outcomes.Add(outcome);
                if (outcome.Error is NotImplementedException) return;
            }
        }, limits);
        return ([.. outcomes], end, elapsed); // a copy: an abandoned thread may still add
    }

    private bool IsAnotherTheSecondTime(List<CaseOutcome> first, List<CaseOutcome> second) =>
        second.Where((outcome, i) => !outcome.AgreesWith(first[i], Tolerance)).Any();

    // A mistake is named only when it explains every case: right where the candidate is right, and wrong in the same way where it is wrong.
    private Mistake? FindMistake(List<CaseOutcome> outcomes, bool[] isRight)
    {
        (IReadOnlyList<ExerciseCase<TCandidate>> cases, IReadOnlyList<Answer> expected) = _cases.Value;
        return Mistakes.FirstOrDefault(mistake => Enumerable.Range(0, cases.Count).All(i =>
        {
            CaseOutcome mutant = CaseOutcome.Of(inputs => cases[i].Ask((TCandidate)mistake.Mutant, inputs));
            return isRight[i] ? mutant.IsRight(expected[i], Tolerance) : !mutant.IsRight(expected[i], Tolerance) && mutant.AgreesWith(outcomes[i], Tolerance, mistake.IsAnyError);
        }));
    }
}
