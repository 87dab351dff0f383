using LlmFromScratch.Course.Checking;
using LlmFromScratch.Course.Formatting;
using LlmFromScratch.Visuals;

namespace LlmFromScratch.Course;

/// <summary>
/// Which exercises of a chapter, or of the whole course, have been passed. The last cell of a chapter shows it; <c>llmfs check</c> prints it.
/// </summary>
[TypeFormatterSource(typeof(ProgressCardFormatterSource), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class ProgressCard
{
    private ProgressCard(IReadOnlyList<Line> lines, string? note) => (Lines, Note) = (lines, note);

    /// <summary>One exercise.</summary>
    /// <param name="Id">Its number, "6.3".</param>
    /// <param name="Title">What it asks for.</param>
    /// <param name="IsPassed">Whether a check has said ✓ once.</param>
    public sealed record Line(string Id, string Title, bool IsPassed);

    /// <summary>The exercises in the order of their numbers.</summary>
    public IReadOnlyList<Line> Lines { get; }

    /// <summary>What stands below, such as that no progress is kept; or null.</summary>
    public string? Note { get; }

    /// <summary>How many are passed.</summary>
    public int PassedCount => Lines.Count(line => line.IsPassed);

    /// <summary>The card of a chapter, or of all chapters.</summary>
    /// <param name="chapter">"06" or "6"; null for all.</param>
    /// <exception cref="ArgumentException">There is no such chapter with exercises; the message lists those that there are.</exception>
    public static ProgressCard Of(string? chapter = null) => Of(chapter, Progress.FromEnvironment());

    /// <summary>Forgets what has been passed in a chapter, or in all; gives how many exercises were forgotten.</summary>
    /// <param name="chapter">"06" or "6"; null for all.</param>
    /// <exception cref="ArgumentException">There is no such chapter.</exception>
    /// <exception cref="InvalidOperationException">No progress is kept.</exception>
    public static int Reset(string? chapter = null)
    {
        Progress progress = Progress.FromEnvironment() ?? throw new InvalidOperationException("no progress is kept: LLMFS_PROGRESS is off, or CI is set.");
        HashSet<string> ids = [.. Exercises(chapter).Select(exercise => exercise.Id)];
        return progress.Forget(id => ids.Contains(id));
    }

    /// <summary>The text: the count, then a mark, number and title a line. It does not begin with a mark, by which the verdict of a check is known.</summary>
    public override string ToString() => string.Join('\n',
        [$"Exercises: {PassedCount} of {Lines.Count} passed", .. Lines.Select(line => $"{Mark(line)} {line.Id,-4} {line.Title}"), .. Note is null ? (string[])[] : [Note]]);

    internal static char Mark(Line line) => line.IsPassed ? '✓' : '○';

    internal static ProgressCard Of(string? chapter, Progress? progress)
    {
        IReadOnlyList<string> passed = progress?.ReadPassed() ?? [];
        return new ProgressCard([.. Exercises(chapter).Select(exercise => new Line(exercise.Id, exercise.Title, passed.Contains(exercise.Id)))],
            progress is null ? "No progress is kept here: LLMFS_PROGRESS is off, or CI is set." : null);
    }

    private static IReadOnlyList<Exercise> Exercises(string? chapter)
    {
        if (chapter is null) return ExerciseCatalogue.All;
        bool isNumber = int.TryParse(chapter, out int number);
        Exercise[] found = isNumber ? [.. ExerciseCatalogue.All.Where(exercise => exercise.Id.Split('.')[0] == number.ToString())] : [];
        return found.Length > 0 ? found : throw new ArgumentException($"chapter '{chapter}' has no exercises; expected one of "
            + string.Join(", ", ExerciseCatalogue.All.Select(exercise => exercise.Id.Split('.')[0].PadLeft(2, '0')).Distinct()) + ".");
    }
}
