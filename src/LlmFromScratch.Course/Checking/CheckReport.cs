using System.Reflection;
using LlmFromScratch.Course.Formatting;

namespace LlmFromScratch.Course.Checking;

/// <summary>Puts the findings about one candidate into words.</summary>
internal sealed class CheckReport(Exercise exercise, CheckLimits limits)
{
    private const int MostNames = 3; // failing cases named one by one

    /// <summary>The stub is untouched, or the learner left a part for later.</summary>
    public CheckResult NotDone() => Result(CheckOutcome.NotDone, "not done yet.");

    /// <summary>Every case is right.</summary>
    public CheckResult Passed(bool isSlow) => Result(CheckOutcome.Passed, $"all {exercise.CaseCount} cases pass.", remarks: isSlow
        ? [$"Right, but slow: the cases took more than {limits.Slow.TotalSeconds:0.##} s, where milliseconds are enough. Is the same sum computed again and again?"]
        : []);

    /// <summary>The candidate cannot be called as the exercise calls it.</summary>
    public CheckResult WrongType(Type got) => Result(CheckOutcome.Failed,
        $"expected a {TypeNames.Of(exercise.CandidateType)}, got a {TypeNames.Of(got)}. Does your method take and return what the stub does?");

    /// <summary>A case had no answer within the limits.</summary>
    /// <param name="caseName">The case.</param>
    /// <param name="end">How the run ended.</param>
    /// <param name="call">What the case asks.</param>
    /// <param name="why">What this exercise knows of such an end, or null.</param>
    public CheckResult Stopped(string caseName, CandidateThread.End end, string? call, string? why)
    {
        string after = end is CandidateThread.End.TooMuchMemory or CandidateThread.End.AbandonedWithTooMuchMemory ? $"and {limits.MostBytes / (double)(1 << 30):0.##} GiB of memory were in use" : $"after {limits.Stop.TotalSeconds:0.##} s";
        string finding = $"stopped: the case “{caseName}” had no answer {after}." + (why is null ? " Is there a loop that never ends?" : "");
        return new(exercise.Id, exercise.Title, CheckOutcome.Failed, finding)
        {
            FailingCall = call,
            LikelyCause = why,
            Remarks = end is CandidateThread.End.Abandoned or CandidateThread.End.AbandonedWithTooMuchMemory ? ["It could not be stopped and runs on, at the lowest priority where the system has one for threads; restart the notebook to be rid of it."] : [],
        };
    }

    /// <summary>At least one case is wrong.</summary>
    public CheckResult Failed(IReadOnlyList<string> names, IReadOnlyList<Answer> expected, IReadOnlyList<CaseOutcome> outcomes, bool[] isRight,
        Tolerance tolerance, Mistake? mistake, string? call)
    {
        int first = Array.IndexOf(isRight, false);
        CaseOutcome outcome = outcomes[first];
        Difference? difference = outcome.Answer?.FindDifference(expected[first], tolerance);
        string finding = $"case “{names[first]}”: " + (outcome.Error is { } error
            ? $"ended in {error.GetType().Name}: {OneLine(error)}"
            : difference?.ToString() ?? $"the answer is right, but {outcome.ModifiedInput}.");
        var remarks = new List<string>();
        if (mistake is null)
        {
            if (difference?.Hint is { } hint) remarks.Add(hint);
            if (difference is not null && outcome.ModifiedInput is { } modified) remarks.Add($"Also, {modified}.");
            if (difference is null && outcome.ModifiedInput is not null) remarks.Add("The caller still needs its numbers: write into an array of your own.");
            if (difference is not null) remarks.Add("No known mistake gives these numbers. Work the failing case by hand and print what your code has at each step.");
        }
        remarks.Add(Count(names, isRight));
        return Result(CheckOutcome.Failed, finding, mistake, [.. remarks], call);
    }

    private static string OneLine(Exception error)
    {
        Exception inner = error is TargetInvocationException or AggregateException or TypeInitializationException ? error.InnerException ?? error : error;
        return inner.Message.ReplaceLineEndings(" ");
    }

    private static string Count(IReadOnlyList<string> names, bool[] isRight)
    {
        List<string> failing = [.. names.Where((_, i) => !isRight[i])];
        int passed = names.Count - failing.Count;
        if (passed == 0) return $"None of the {names.Count} cases passes.";
        string list = string.Join(", ", failing.Take(MostNames).Select(name => $"“{name}”"));
        string more = failing.Count > MostNames ? $" and {failing.Count - MostNames} more" : "";
        return $"{passed} of {names.Count} cases pass; failing: {list}{more}.";
    }

    private CheckResult Result(CheckOutcome outcome, string finding, Mistake? mistake = null, IReadOnlyList<string>? remarks = null, string? call = null) =>
        new(exercise.Id, exercise.Title, outcome, finding) { FailingCall = call, LikelyCause = mistake?.Diagnosis, MistakeName = mistake?.Name, Remarks = remarks ?? [] };
}
