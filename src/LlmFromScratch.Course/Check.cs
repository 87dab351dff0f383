using LlmFromScratch.Course.Checking;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Course;

/// <summary>
/// Checks a learner's answer to an exercise against the reference, over hard cases, and says what is wrong: the first difference, and the
/// likely cause when the answers are those of a known mistake. As a cell's last line, without a semicolon, the verdict is shown:
/// <c>Check.Run("1.1", Softmax)</c>. Used in every chapter.
/// </summary>
public static class Check
{
    /// <summary>Checks a method: <c>Check.Run("1.1", Softmax)</c>.</summary>
    /// <param name="exercise">The exercise's number, "1.1".</param>
    /// <param name="candidate">A method with the parameters and the result of the stub.</param>
    /// <exception cref="ArgumentException">There is no such exercise.</exception>
    public static CheckResult Run(string exercise, Delegate candidate) => Run(exercise, candidate, Progress.FromEnvironment());

    /// <summary>Checks a backend of which the learner wrote one operation: <c>Check.Run("6.3", new MyBackend())</c>.</summary>
    /// <param name="exercise">The exercise's number.</param>
    /// <param name="candidate">The learner's backend.</param>
    /// <exception cref="ArgumentException">There is no such exercise.</exception>
    public static CheckResult Run(string exercise, ReferenceBackend candidate) => Run(exercise, candidate, Progress.FromEnvironment());

    /// <summary>Checks a tokenizer.</summary>
    /// <param name="exercise">The exercise's number.</param>
    /// <param name="candidate">The learner's tokenizer.</param>
    /// <exception cref="ArgumentException">There is no such exercise.</exception>
    public static CheckResult Run(string exercise, ITokenizer candidate) => Run(exercise, candidate, Progress.FromEnvironment());

    /// <summary>Checks a stage of sampling.</summary>
    /// <param name="exercise">The exercise's number.</param>
    /// <param name="candidate">The learner's stage.</param>
    /// <exception cref="ArgumentException">There is no such exercise.</exception>
    public static CheckResult Run(string exercise, ISampler candidate) => Run(exercise, candidate, Progress.FromEnvironment());

    /// <summary>Which exercises of a chapter have been passed, as a card: <c>Check.Card("06")</c>.</summary>
    /// <param name="chapter">The chapter's number; null for the whole course.</param>
    /// <exception cref="ArgumentException">There is no such chapter with exercises.</exception>
    public static ProgressCard Card(string? chapter = null) => ProgressCard.Of(chapter);

    /// <summary>Checks any candidate and notes a pass in <paramref name="progress"/>, when there is one.</summary>
    internal static CheckResult Run(string exercise, object candidate, Progress? progress)
    {
        ArgumentNullException.ThrowIfNull(exercise);
        ArgumentNullException.ThrowIfNull(candidate);
        CheckResult result = ExerciseCatalogue.Find(exercise).Check(candidate, CheckLimits.Default);
        progress?.Record(result);
        return result;
    }
}
