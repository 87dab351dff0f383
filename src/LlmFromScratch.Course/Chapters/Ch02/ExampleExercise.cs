using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch02;

/// <summary>Exercise 2.5: what next-token prediction reads, and what it should say.</summary>
internal sealed class ExampleExercise : Exercise<Func<int[], int, int, (int[] Input, int[] Targets)>>
{
    private static readonly int[] Tokens = [12, 7, 33, 4, 19, 7, 8];

    /// <inheritdoc/>
    public override string Id => "2.5";

    /// <inheritdoc/>
    public override string Title => "Labels out of the text itself";

    /// <inheritdoc/>
    protected override Func<int[], int, int, (int[] Input, int[] Targets)> Solution => (tokens, start, length) => Take(tokens, start, length, shift: 1);

    /// <inheritdoc/>
    protected override Func<int[], int, int, (int[] Input, int[] Targets)> Stub => (_, _, _) => throw new NotImplementedException("exercise 2.5");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int[], int, int, (int[] Input, int[] Targets)>>> CreateCases() =>
    [
        Ask("from the beginning", 0, 3),
        Ask("from the middle", 2, 4),
        Ask("one token", 4, 1),
        Ask("up to the last token", 4, 3),
        Ask("all of it", 0, 7),
        Ask("the last token alone", 6, 1),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("not shifted", "the targets are the input itself, so the model learns to copy. A place should predict the token after it.", (tokens, start, length) => Take(tokens, start, length, shift: 0)),
        Mistake("shifted the other way", "the targets are the tokens before. A place should predict the token after it.", (tokens, start, length) => Take(tokens, start, length, shift: -1)),
        Mistake("shifted by two", "the targets lie two places on.", (tokens, start, length) => Take(tokens, start, length, shift: 2)),
        Mistake("start left out", "the example begins at the first token, whatever start says.", (tokens, _, length) => Take(tokens, 0, length, shift: 1)),
        Mistake("the last target left out", "the last target is -1 although the token after it is there. Only beyond the end of tokens there is none.",
            (tokens, start, length) => { (int[] input, int[] targets) = Take(tokens, start, length, shift: 1); targets[^1] = -1; return (input, targets); }),
        Mistake("wrapped round", "beyond the end the text begins again. There is nothing to predict there: -1.",
            (tokens, start, length) => (tokens[start..(start + length)], [.. Enumerable.Range(start + 1, length).Select(i => tokens[i % tokens.Length])])),
        Mistake("zero beyond the end", "beyond the end stands 0, which is a token like others. -1 says that there is no loss.",
            (tokens, start, length) => { (int[] input, int[] targets) = Take(tokens, start, length, shift: 1); return (input, [.. targets.Select(t => t == -1 ? 0 : t)]); }),
        Mistake("one token short", "the input is one token short. It has length tokens; the targets look one further.",
            (tokens, start, length) => { (int[] input, int[] targets) = Take(tokens, start, length, shift: 1); return (input[..^1], targets[..^1]); }),
        Mistake("range beyond the end", "the range of the targets reaches one place beyond the end, and .NET throws; the 'length' in its message is its own and not the exercise's. Where no token is left, a target is -1.",
            (tokens, start, length) => (tokens[start..(start + length)], tokens[(start + 1)..(start + length + 1)])),
        Mistake("read beyond the end", "a target is read from beyond the end of tokens. Ask first whether the place exists; where it does not, the target is -1.",
            (tokens, start, length) => (tokens[start..(start + length)], [.. Enumerable.Range(start + 1, length).Select(i => tokens[i])])),
        Mistake("targets cut short", "at the end of tokens there are fewer targets than inputs. Each place needs one: fill up with -1.",
            (tokens, start, length) => (tokens[start..(start + length)], [.. tokens.Skip(start + 1).Take(length)])),
        Mistake("input and targets exchanged", "input and targets have changed places.", (tokens, start, length) => { (int[] input, int[] targets) = Take(tokens, start, length, shift: 1); return (targets, input); }),
    ];

    private static ExerciseCase<Func<int[], int, int, (int[] Input, int[] Targets)>> Ask(string name, int start, int length) => Case(name, (example, inputs) =>
    {
        (int[] input, int[] targets) = example(inputs.Copy(Tokens), start, length);
        return Answer.Of(input is null || targets is null ? (int[]?)null : [.. input, .. targets], i => i < input!.Length ? $"input {i}" : $"target {i - input.Length}"); // not null: there are ids to name
    });

    private static (int[] Input, int[] Targets) Take(int[] tokens, int start, int length, int shift) =>
        (tokens[start..(start + length)], [.. Enumerable.Range(start + shift, length).Select(i => i >= 0 && i < tokens.Length ? tokens[i] : -1)]);
}
