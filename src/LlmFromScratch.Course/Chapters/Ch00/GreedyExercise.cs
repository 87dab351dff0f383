using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch00;

/// <summary>Exercise 0.2: the largest score, the lower id on a tie.</summary>
internal sealed class GreedyExercise : Exercise<Func<float[], int>>
{
    /// <inheritdoc/>
    public override string Id => "0.2";

    /// <inheritdoc/>
    public override string Title => "The greedy choice";

    /// <inheritdoc/>
    protected override Func<float[], int> Solution => scores => Array.IndexOf(scores, scores.Max());

    /// <inheritdoc/>
    protected override Func<float[], int> Stub => _ => throw new NotImplementedException("exercise 0.2");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], int>>> CreateCases() =>
    [
        Ask("the best in the middle", 1, 5, 2),
        Ask("the best is the first", 9, 1, 4),
        Ask("the best is the last", 1, 2, 3, 8),
        Ask("all negative", -5, -2, -9),
        Ask("a tie", 1, 7, 3, 7, 7),
        Ask("a forbidden token", float.NegativeInfinity, -3, -8),
        Ask("a large negative number", -10, 2, -30, 1),
        Ask("one token", 4),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("the last of equals", "of equal scores the last was taken. The rule is the lower id: compare with >, not with >=.", scores => Array.LastIndexOf(scores, scores.Max())),
        Mistake("best so far begins at 0", "the best score so far begins at 0, so when all scores are negative nothing beats it. Begin with the first score, or with -∞.",
            scores => { int best = 0; float most = 0; for (int i = 0; i < scores.Length; i++) if (scores[i] > most) (most, best) = (scores[i], i); return best; }),
        Mistake("the smallest", "this is the smallest score.", scores => Array.IndexOf(scores, scores.Min())),
        Mistake("the largest without its sign", "the sign is lost: a large negative score is a bad one.", scores => Array.IndexOf(scores, scores.MaxBy(MathF.Abs))),
        Mistake("the first token skipped", "the token with id 0 never wins: the loop begins at 1 and never looks at it.",
            scores => { int best = -1; float most = float.NegativeInfinity; for (int i = 1; i < scores.Length; i++) if (scores[i] > most) (most, best) = (scores[i], i); return best; }),
        Mistake("the last token skipped", "the last token never wins: the loop ends one too early.",
            scores => { int best = 0; for (int i = 1; i < scores.Length - 1; i++) if (scores[i] > scores[best]) best = i; return best; }),
        Mistake("the score itself", "this is the score, rounded to a whole number. The id of the token is asked for: its index.", scores => (int)Math.Clamp(scores.Max(), -1e9f, 1e9f)),
    ];

    private static ExerciseCase<Func<float[], int>> Ask(string name, params float[] scores) => Case(name, (greedy, inputs) => Answer.Of(greedy(inputs.Copy(scores))));
}
