using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch07;

/// <summary>Exercise 7.4: which experts a token goes to, and with what share.</summary>
internal sealed class RouteExercise : Exercise<Func<float[], int, (int[] Experts, float[] Shares)>>
{
    /// <inheritdoc/>
    public override string Id => "7.4";

    /// <inheritdoc/>
    public override string Title => "A router of experts";

    /// <inheritdoc/>
    protected override Func<float[], int, (int[] Experts, float[] Shares)> Solution => (logits, used) =>
    {
        int[] best = Best(logits, used);
        return (best, Softmax([.. best.Select(e => logits[e])]));
    };

    /// <inheritdoc/>
    protected override Func<float[], int, (int[] Experts, float[] Shares)> Stub => (_, _) => throw new NotImplementedException("exercise 7.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], int, (int[] Experts, float[] Shares)>>> CreateCases() =>
    [
        Ask("one of three", [1, 3, 2], 1),
        Ask("two of three", [1, 3, 2], 2),
        Ask("all of three", [1, 3, 2], 3),
        Ask("negative logits", [-5, -1, -3, -2], 2),
        Ask("a tie", [2, 1, 2, 2], 2),
        Ask("logits of a thousand", [1000, -1000, 999], 2),
        Ask("two of eight", Lab.RandomNormal(8, 77), 2),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("shares of all experts", "the shares are softmax over all experts, cut off: they sum to less than 1, and the answer comes out too small. Softmax over the chosen logits only.",
            (logits, used) => { float[] all = Softmax(logits); int[] best = Best(logits, used); return (best, [.. best.Select(e => all[e])]); }),
        Mistake("equal shares", "every chosen expert has the same share. The router's logits weigh them.",
            (logits, used) => (Best(logits, used), [.. Enumerable.Repeat(1f / used, used)])),
        Mistake("logits as shares", "the shares are the logits themselves. Softmax makes shares of them.",
            (logits, used) => { int[] best = Best(logits, used); return (best, [.. best.Select(e => logits[e])]); }),
        Mistake("logits divided by their sum", "the chosen logits are divided by their sum. With negative logits the shares change their sign; softmax first.",
            (logits, used) => { int[] best = Best(logits, used); float sum = best.Sum(e => logits[e]); return (best, [.. best.Select(e => logits[e] / sum)]); }),
        Mistake("the smallest", "the experts with the smallest logits were chosen.",
            (logits, used) => { int[] worst = Best(Array.ConvertAll(logits, l => -l), used); return (worst, Softmax([.. worst.Select(e => logits[e])])); }),
        Mistake("in the order of their numbers", "the right experts in the order of their numbers. The largest logit comes first.",
            (logits, used) => { int[] best = [.. Best(logits, used).Order()]; return (best, Softmax([.. best.Select(e => logits[e])])); }),
        Mistake("shares not moved along", "the experts are sorted and their shares are not: the largest share belongs to the largest logit.",
            (logits, used) => { int[] best = Best(logits, used); return (best, Softmax([.. best.Order().Select(e => logits[e])])); }),
        Mistake("the last of equals", "on a tie the expert with the higher number was taken. The rule is the lower one, so that every machine chooses alike.",
            (logits, used) => { int[] best = [.. Enumerable.Range(0, logits.Length).OrderByDescending(e => logits[e]).ThenByDescending(e => e).Take(used)]; return (best, Softmax([.. best.Select(e => logits[e])])); }),
        Mistake("maximum not subtracted", "the exponential of a large logit overflows. Subtract the largest first, as in chapter 01.",
            (logits, used) => { int[] best = Best(logits, used); float[] e = [.. best.Select(i => MathF.Exp(logits[i]))]; return (best, [.. e.Select(x => x / e.Sum())]); }),
        Mistake("one expert only", "only the best expert was chosen, whatever was asked for.",
            (logits, _) => ([Best(logits, 1)[0]], [1])),
    ];

    private static ExerciseCase<Func<float[], int, (int[] Experts, float[] Shares)>> Ask(string name, float[] logits, int used) => Case(name, (route, inputs) =>
    {
        (int[] experts, float[] shares) = route(inputs.Copy(logits), used);
        if (experts is null || shares is null) return Answer.Of((float[]?)null);
        return Answer.Of([.. experts.Select(e => (float)e), .. shares], i => i < experts.Length ? $"expert {i}" : $"share {i - experts.Length}");
    });

    private static int[] Best(float[] logits, int used) => [.. Enumerable.Range(0, logits.Length).OrderByDescending(e => logits[e]).ThenBy(e => e).Take(used)];

    private static float[] Softmax(float[] logits)
    {
        double[] exponentials = Array.ConvertAll(logits, logit => PortableMath.Exp((double)logit - logits.Max()));
        return Array.ConvertAll(exponentials, e => (float)(e / exponentials.Sum()));
    }
}
