using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch00;

/// <summary>Exercise 0.3: the loop that writes.</summary>
internal sealed class LoopExercise : Exercise<Func<int[], Func<int[], float[]>, int, int, int[]>>
{
    private const int End = 9, VocabSize = 10;

    /// <inheritdoc/>
    public override string Id => "0.3";

    /// <inheritdoc/>
    public override string Title => "The loop that writes";

    /// <inheritdoc/>
    protected override Func<int[], Func<int[], float[]>, int, int, int[]> Solution => (prompt, next, count, end) => Write(prompt, next, count, end);

    /// <inheritdoc/>
    protected override Func<int[], Func<int[], float[]>, int, int, int[]> Stub => (_, _, _, _) => throw new NotImplementedException("exercise 0.3");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int[], Func<int[], float[]>, int, int, int[]>>> CreateCases() =>
    [
        Ask("one token", 1, [3]),
        Ask("three tokens after a prompt of two", 3, [1, 4]),
        Ask("a long way", 12, [2, 0, 5]),
        Ask("the end comes early", 20, [7]),
        Ask("the end comes at once", 5, [8, 8, 2]),
        Ask("no token asked for", 0, [1]),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("prompt returned too", "the prompt is in the result. Return the new ids only.", (prompt, next, count, end) => [.. prompt, .. Write(prompt, next, count, end)]),
        Mistake("only the last token goes in", "the model is given the last token alone. It needs all ids so far: nothing else carries what came before.",
            (prompt, next, count, end) => Write(prompt, all => next([all[^1]]), count, end)),
        Mistake("the prompt every time", "the model is given the same prompt each time, so it says the same token. Append what was chosen.",
            (prompt, next, count, end) => Write(prompt, _ => next(prompt), count, end)),
        Mistake("only the new tokens go in", "from the second token on the prompt is left out. The model needs prompt and new tokens together.",
            (prompt, next, count, end) => Write(prompt, all => next(all.Length == prompt.Length ? all : all[prompt.Length..]), count, end)),
        Mistake("after the prompt only the newest token goes in", "the first call gets the prompt, and every further call the newest token alone. The engine may do that because it keeps what it computed of the others; next keeps nothing, so give it all ids.",
            (prompt, next, count, end) => Write(prompt, all => next(all.Length == prompt.Length ? all : [all[^1]]), count, end)),
        Mistake("end token kept", "the end token is part of the result. It means that nothing more comes; leave it out.",
            (prompt, next, count, end) => { int[] written = Write(prompt, next, count, end); return written.Length < count ? [.. written, end] : written; }),
        Mistake("does not stop", "the loop goes on behind the end token. Stop as soon as it is chosen.", (prompt, next, count, _) => Write(prompt, next, count, -1)),
        Mistake("end token skipped", "the end token is left out, but the loop goes on. It must stop there.", (prompt, next, count, end) => [.. Write(prompt, next, count, -1).Where(id => id != end)]),
        Mistake("one too few", "one token is missing: count tokens are asked for.", (prompt, next, count, end) => Write(prompt, next, Math.Max(0, count - 1), end)),
        Mistake("one too many", "one token too many.", (prompt, next, count, end) => Write(prompt, next, count + 1, end)),
        Mistake("count includes the prompt", "the count is compared with the length of prompt and answer together. It counts the new tokens.",
            (prompt, next, count, end) => Write(prompt, next, Math.Max(0, count - prompt.Length), end)),
    ];

    private static int[] Write(int[] prompt, Func<int[], float[]> next, int count, int end)
    {
        List<int> all = [.. prompt];
        while (all.Count - prompt.Length < count)
        {
            float[] scores = next([.. all]);
            int best = Array.IndexOf(scores, scores.Max());
            if (best == end) break;
            all.Add(best);
        }
        return [.. all.Skip(prompt.Length)];
    }

    private static ExerciseCase<Func<int[], Func<int[], float[]>, int, int, int[]>> Ask(string name, int count, int[] prompt) =>
        Case(name, (loop, inputs) => Answer.Of(loop(inputs.Copy(prompt), inputs.Show<Func<int[], float[]>>(Toy, Told(prompt, Math.Max(1, count))), count, End)));

    // The toy as a reader can follow it: what it likes best at each of the first steps of the right way.
    private static string Told(int[] prompt, int count)
    {
        const int Most = 4;
        int[] all = [.. prompt, .. Write(prompt, Toy, Math.Min(count, Most), -1)];
        IEnumerable<string> steps = Enumerable.Range(prompt.Length, all.Length - prompt.Length).Select(t => $"{all[t]} after {Literal.Of(all[..t])}");
        return $"/* gives {VocabSize} scores; the best is {string.Join(", ", steps)}{(count > Most ? ", …" : "")} */";
    }

    // A toy whose choice hangs on every id so far and on where each stands.
    private static float[] Toy(int[] ids)
    {
        uint hash = 17;
        foreach (int id in ids) hash = hash * 31 + (uint)id * 7 + 3;
        hash ^= hash >> 13;
        float[] scores = new float[VocabSize];
        for (int id = 0; id < VocabSize; id++) scores[id] = (hash * (uint)(id + 5) * 2654435761u >> 20) / 4096f;
        return scores;
    }
}
