using LlmFromScratch.Course.Formatting;
using LlmFromScratch.Visuals;

namespace LlmFromScratch.Course;

/// <summary>
/// What a check says about one try at an exercise. As text it begins with ✓ (passed), ✗ (failed) or ○ (not done yet); a notebook shows it
/// as a small card. The words depend only on the candidate's answers, never on the clock, so a committed output stays true.
/// </summary>
[TypeFormatterSource(typeof(CheckResultFormatterSource), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class CheckResult
{
    internal CheckResult(string exerciseId, string title, CheckOutcome outcome, string finding)
    {
        (ExerciseId, Title, Outcome, Finding) = (exerciseId, title, outcome, finding);
    }

    /// <summary>The exercise, for example "6.3".</summary>
    public string ExerciseId { get; }

    /// <summary>What the exercise asks for, in a few words.</summary>
    public string Title { get; }

    /// <summary>Passed, failed, or not done yet.</summary>
    public CheckOutcome Outcome { get; }

    /// <summary>One sentence: the first difference with its place, expected and got; or that all cases pass.</summary>
    public string Finding { get; }

    /// <summary>
    /// The inputs of the case that <see cref="Finding"/> names, the easiest of those that fail: the call as the check makes it, written as C# that a cell can run,
    /// <c>Softmax(logits: [1, 2, 100])</c>. Null when all cases pass, and where the case's name says all there is.
    /// </summary>
    public string? FailingCall { get; internal init; }

    /// <summary>The likely cause in words, when the answers are exactly those of a known mistake; otherwise null.</summary>
    public string? LikelyCause { get; internal init; }

    /// <summary>The catalogue's short name of the mistake behind <see cref="LikelyCause"/>.</summary>
    internal string? MistakeName { get; init; }

    /// <summary>Further remarks, a sentence each: how many cases pass, what to look for, that a right answer was slow.</summary>
    public IReadOnlyList<string> Remarks { get; internal init; } = [];

    /// <summary>The mark that the text begins with: ✓, ✗ or ○.</summary>
    internal char Mark => Outcome switch
    {
        CheckOutcome.Passed => '✓',
        CheckOutcome.Failed => '✗',
        _ => '○',
    };

    /// <summary>The text: mark, exercise and finding on the first line, the rest indented below.</summary>
    public override string ToString()
    {
        var lines = new List<string> { $"{Mark} {ExerciseId}  {Title}: {Finding}" };
        if (FailingCall is not null) lines.Add("  The case: " + FailingCall.Replace("\n", "\n  "));
        if (LikelyCause is not null) lines.Add("  Likely cause: " + LikelyCause);
        lines.AddRange(Remarks.Select(remark => "  " + remark));
        return string.Join('\n', lines);
    }
}
