using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch00;

/// <summary>Exercise 0.4: time to the first and to the last token.</summary>
internal sealed class TimeExercise : Exercise<Func<int, int, double, double, (double First, double Last)>>
{
    /// <inheritdoc/>
    public override string Id => "0.4";

    /// <inheritdoc/>
    public override string Title => "The time of an answer";

    /// <inheritdoc/>
    protected override Func<int, int, double, double, (double First, double Last)> Solution => (p, n, prefill, decode) => (p / prefill, p / prefill + (n - 1) / decode);

    /// <inheritdoc/>
    protected override Func<int, int, double, double, (double First, double Last)> Stub => (_, _, _, _) => throw new NotImplementedException("exercise 0.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int, int, double, double, (double First, double Last)>>> CreateCases() =>
    [
        Ask("1,000 in, 101 out", 1000, 101, 2000, 50),
        Ask("one token out", 500, 1, 1000, 20),
        Ask("a long answer", 10, 5000, 100, 25),
        Ask("a long prompt", 100_000, 11, 4000, 10),
        Ask("odd numbers", 37, 13, 700, 17),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("one decode step too many", "the first token is counted twice: it comes out of prefill, so n tokens take n - 1 decode steps.", (p, n, prefill, decode) => (p / prefill, p / prefill + n / decode)),
        Mistake("first token by decode", "the first token is given a decode step. Prefill ends with the scores of the first token: nothing more is needed for it.",
            (p, n, prefill, decode) => (p / prefill + 1 / decode, p / prefill + n / decode)),
        Mistake("prefill left out", "the last token's time lacks the prefill, or is counted from the first token. Count from the moment the prompt is sent.", (p, n, prefill, decode) => (p / prefill, (n - 1) / decode)),
        Mistake("speeds exchanged", "the speeds have changed places: the prompt is read at the prefill speed.", (p, n, prefill, decode) => (p / decode, p / decode + (n - 1) / prefill)),
        Mistake("everything at the decode speed", "the prompt is read at the speed of decode. Prefill takes its rows together and is much faster.", (p, n, prefill, decode) => (p / decode, (p + n - 1) / decode)),
        Mistake("multiplied by the speed", "tokens are multiplied by tokens a second. Divide: tokens / (tokens / s) = s.", (p, n, prefill, decode) => (p * prefill, p * prefill + (n - 1) * decode)),
        Mistake("whole seconds", "the division cuts the fraction off. Divide doubles, not ints.", (p, n, prefill, decode) => (p / (int)prefill, p / (int)prefill + (n - 1) / (int)decode)),
    ];

    private static ExerciseCase<Func<int, int, double, double, (double First, double Last)>> Ask(string name, int prompt, int count, double prefill, double decode) => Case(name, (seconds, _) =>
    {
        (double first, double last) = seconds(prompt, count, prefill, decode);
        return Answer.Of([first, last], i => i == 0 ? "the first token's time" : "the last token's time");
    });
}
