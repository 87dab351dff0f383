using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;
using LookBack = System.Func<float[], float[], float[], float[], float[], (float[] Weights, float[] Context)>; // query [C], states [S, C], Wq [A, C], Wk [A, C], v [A]

namespace LlmFromScratch.Course.Chapters.Ch05;

/// <summary>Exercise 5.4: the attention of 2014, <c>score_s = v · tanh(Wq q + Wk h_s)</c>, softmax, mixture (Bahdanau et al. 2015, appendix A.1.2).</summary>
internal sealed class LookBackExercise : Exercise<LookBack>
{
    /// <inheritdoc/>
    public override string Id => "5.4";

    /// <inheritdoc/>
    public override string Title => "Additive attention";

    /// <inheritdoc/>
    protected override LookBack Solution => Of(Additive);

    /// <inheritdoc/>
    protected override LookBack Stub => (_, _, _, _, _) => throw new NotImplementedException("exercise 5.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<LookBack>> CreateCases() =>
    [
        Ask("one state", [1], [3], [1], [1], [2]),
        Ask("two states, one number", [0.5f], [1, -1], [1], [0.5f], [2]),
        Ask("three states, two numbers", [1, 0], [1, 0, 0, 1, -1, -1], [1, 2, -1, 0], [0, 1, 1, 0], [1, -2]),
        Ask("more rows than numbers", [0.5f, -1], [1, 2, 2, 1], [1, 0, 0, 1, 1, 1], [0.5f, 0, 1, -1, 0, 2], [1, 2, -1]),
        Ask("scores of a thousand", [0.5f, -1], [2, 1, 1, -2], [1, 0, 0, 1], [1, 1, 0, 1], [1000, 500]),
        Ask("nine states, eight numbers", Lab.RandomNormal(8, 64), Lab.RandomNormal(72, 65), Lab.RandomNormal(40, 66), Lab.RandomNormal(40, 67), Lab.RandomNormal(5, 68)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("tanh left out", "tanh is missing. Then the query adds the same number to every score, softmax takes it out again, and the weights do not depend on the query at all.",
            (v, asked, offered) => Dot(v, Sum(asked, offered))),
        Wrong("the query does not count", "every query gets the same weights: it is left out, or tanh is applied to Wq q and Wk h_s apart, so that its part adds the same number to every score and softmax takes it out. Add first, then bend.",
            (v, asked, offered) => Dot(v, Sum(Bent(asked), Bent(offered)))),
        Wrong("multiplied instead of added", "Wq q and Wk h_s are multiplied. In additive attention they are added.", (v, asked, offered) => Dot(v, Bent([.. asked.Zip(offered, (a, b) => a * b)]))),
        Wrong("a dot product", "the score is the dot product of Wq q and Wk h_s: that is the attention of chapter 06. Here it is v · tanh(Wq q + Wk h_s).", (_, asked, offered) => Dot(asked, offered)),
        Wrong("v left out", "the numbers behind tanh are summed. Each has a weight of its own: v.", (_, asked, offered) => Bent(Sum(asked, offered)).Sum()),
        Wrong("scaled", "the scores are divided by a root, as chapter 06 will do with dot products. Here tanh keeps them in bounds, and v learns their scale.", (v, asked, offered) => Additive(v, asked, offered) / Math.Sqrt(v.Length)),
        Mistake("scaled by the state's size", "the scores are divided by the root of C, as chapter 06 will do with dot products. Here tanh keeps them in bounds, and v learns their scale.",
            (q, states, wq, wk, v) => Look(q, states, wq, wk, v, (scale, asked, offered) => Additive(scale, asked, offered) / Math.Sqrt(q.Length), Softmax)),
        Mistake("matrices exchanged", "Wq is applied to the states and Wk to the query.", (q, states, wq, wk, v) => Look(q, states, wk, wq, v, Additive, Softmax)),
        Mistake("matrices read by columns", "Wq and Wk are read by columns. They are [A, C]: row a has C weights.",
            (q, states, wq, wk, v) => Look(q, states, Turned(wq, v.Length), Turned(wk, v.Length), v, Additive, Softmax)),
        Mistake("softmax left out", "the scores themselves are the weights. Softmax makes shares of them that sum to 1.", (q, states, wq, wk, v) => Look(q, states, wq, wk, v, Additive, scores => scores)),
        Mistake("scores returned as weights", "the context is right, but the scores are returned in the place of the weights. Return what softmax made of them.",
            (q, states, wq, wk, v) => (Look(q, states, wq, wk, v, Additive, scores => scores).Weights, Look(q, states, wq, wk, v, Additive, Softmax).Context)),
        Mistake("scores mix the context", "the weights are right, but the context is mixed by the scores. Mix by the weights.",
            (q, states, wq, wk, v) => (Look(q, states, wq, wk, v, Additive, Softmax).Weights, Look(q, states, wq, wk, v, Additive, scores => scores).Context)),
        Mistake("not divided by the sum", "the exponentials are the weights, and do not sum to 1. Divide each by their sum.",
            (q, states, wq, wk, v) => Look(q, states, wq, wk, v, Additive, scores => [.. scores.Select(s => PortableMath.Exp(s - scores.Max()))])),
        Mistake("divided by their sum", "the scores are divided by their sum, so that a negative one turns the mixture round. Softmax first.",
            (q, states, wq, wk, v) => Look(q, states, wq, wk, v, Additive, scores => [.. scores.Select(s => s / scores.Sum())])),
        Mistake("the best only", "the state with the largest score takes everything. Softmax shares: without shares there is nothing to learn from.",
            (q, states, wq, wk, v) => Look(q, states, wq, wk, v, Additive, scores => [.. scores.Select((_, s) => s == Array.IndexOf(scores, scores.Max()) ? 1.0 : 0)])),
        Mistake("maximum not subtracted", "the exponential of a large score overflows. Subtract the largest first, as in chapter 01.",
            (q, states, wq, wk, v) => Look(q, states, wq, wk, v, Additive, scores => { float[] e = [.. scores.Select(s => MathF.Exp((float)s))]; return [.. e.Select(x => (double)(x / e.Sum()))]; })),
        Mistake("plain average as context", "the weights are right, but the context is the plain average of the states. Mix them by the weights.",
            (q, states, wq, wk, v) => (Look(q, states, wq, wk, v, Additive, Softmax).Weights, Look(q, states, wq, wk, v, (_, _, _) => 0, Softmax).Context)),
    ];

    private static Mistake Wrong(string name, string diagnosis, Func<double[], double[], double[], double> score) => Mistake(name, diagnosis, Of(score));

    private static LookBack Of(Func<double[], double[], double[], double> score) => (q, states, wq, wk, v) => Look(q, states, wq, wk, v, score, Softmax);

    private static double Additive(double[] v, double[] asked, double[] offered) => Dot(v, Bent(Sum(asked, offered)));

    private static ExerciseCase<LookBack> Ask(string name, float[] query, float[] states, float[] wq, float[] wk, float[] v) => Case(name, (look, inputs) =>
    {
        (float[] weights, float[] context) = look(inputs.Copy(query), inputs.Copy(states), inputs.Copy(wq), inputs.Copy(wk), inputs.Copy(v));
        return Answer.Of(weights is null || context is null ? (float[]?)null : [.. weights, .. context], i => i < weights!.Length ? $"weight {i}" : $"context[{i - weights.Length}]"); // not null: there are numbers to name
    });

    private static (float[] Weights, float[] Context) Look(float[] query, float[] states, float[] wq, float[] wk, float[] v, Func<double[], double[], double[], double> score, Func<double[], double[]> share)
    {
        float[][] rows = [.. states.Chunk(query.Length)]; // [S][C]
        double[] scales = [.. v.Select(x => (double)x)], asked = Times(wq, query); // [A]
        double[] weights = share([.. rows.Select(h => score(scales, asked, Times(wk, h)))]); // [S]
        return ([.. weights.Select(w => (float)w)], [.. query.Select((_, c) => (float)rows.Select((h, s) => weights[s] * h[c]).Sum())]);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Bent(double[] x) => [.. x.Select(PortableMath.Tanh)];

    private static double[] Times(float[] matrix, float[] x) => [.. matrix.Chunk(x.Length).Select(row => row.Zip(x, (w, value) => (double)w * value).Sum())];

    // [rows, n] read as [n, rows]
    private static float[] Turned(float[] matrix, int rows) => [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % (matrix.Length / rows) * rows + i / (matrix.Length / rows)])];

    private static double[] Softmax(double[] scores)
    {
        double[] e = [.. scores.Select(s => PortableMath.Exp(s - scores.Max()))];
        return [.. e.Select(x => x / e.Sum())];
    }
}
