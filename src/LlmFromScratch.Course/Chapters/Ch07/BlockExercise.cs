using System.Runtime.CompilerServices;
using LlmFromScratch.Course.Checking;
using Row = System.Func<float[], float[]>; // a part of a block: a row to a row
using Block = System.Func<float[], System.Func<float[], float[]>, System.Func<float[], float[]>, System.Func<float[], float[]>, System.Func<float[], float[]>, float[]>;

namespace LlmFromScratch.Course.Chapters.Ch07;

/// <summary>
/// Exercise 7.2: the wiring of a pre-norm block around an attention and a feed-forward network that are given. A row alone is enough to see
/// every wire, so each part is a function from a row to a row.
/// </summary>
internal sealed class BlockExercise : Exercise<Block>
{
    private static readonly Part Zero = Of(x => [.. x.Select(_ => 0f)]), Turned = Of(x => [.. x.Skip(1), x[0]]), Squared = Of(x => [.. x.Select(v => v * v + 1)]);

    /// <inheritdoc/>
    public override string Id => "7.2";

    /// <inheritdoc/>
    public override string Title => "The wiring of a block";

    /// <inheritdoc/>
    protected override Block Solution => (x, norm1, attention, norm2, feedForward) =>
    {
        float[] middle = Add(x, attention(norm1(x)));
        return Add(middle, feedForward(norm2(middle)));
    };

    /// <inheritdoc/>
    protected override Block Stub => (_, _, _, _, _) => throw new NotImplementedException("exercise 7.2");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Block>> CreateCases() =>
    [
        Wire("parts that return zeros", [1, 2], Zero, Zero),
        Wire("attention alone speaks", [1, -2], Turned, Zero),
        Wire("the feed-forward network alone speaks", [1, -2], Zero, Squared),
        Wire("both speak", [1, -2, 0.5f], Turned, Squared),
        Wire("both speak, a large row", [100, -20, 3, 7], Squared, Turned),
        Wire("one number", [3], Squared, Squared),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("post-norm", "the norms stand after the sums, as in the paper of 2017. In a pre-norm block each part reads a normed copy, and the stream itself is never normed.",
            (x, norm1, attention, norm2, feedForward) => { float[] middle = norm1(Add(x, attention(x))); return norm2(Add(middle, feedForward(middle))); }),
        Mistake("norms left out", "the parts read the stream as it is. Each reads its own norm of it: attention(norm1(x)).",
            (x, _, attention, _, feedForward) => { float[] middle = Add(x, attention(x)); return Add(middle, feedForward(middle)); }),
        Mistake("no residuals", "what each part says replaces the stream. It must be added to it: x + attention(norm1(x)).",
            (x, norm1, attention, norm2, feedForward) => feedForward(norm2(attention(norm1(x))))),
        Mistake("the normed row is carried on", "the sum starts from the normed row. The norm is for the part's ear only; what goes on is x itself.",
            (x, norm1, attention, norm2, feedForward) => { float[] a = norm1(x), middle = Add(a, attention(a)), b = norm2(middle); return Add(b, feedForward(b)); }),
        Mistake("second part reads the block's input", "the feed-forward network reads the row from before attention. It reads what attention has added to: norm2 of the middle row.",
            (x, norm1, attention, norm2, feedForward) => Add(Add(x, attention(norm1(x))), feedForward(norm2(x)))),
        Mistake("first sum forgotten", "the second sum starts from x, so what attention said is lost. Add to the middle row.",
            (x, norm1, attention, norm2, feedForward) => { float[] middle = Add(x, attention(norm1(x))); return Add(x, feedForward(norm2(middle))); }),
        Mistake("second residual missing", "the feed-forward network's answer replaces the stream. Add it to the middle row.",
            (x, norm1, attention, norm2, feedForward) => feedForward(norm2(Add(x, attention(norm1(x)))))),
        Mistake("one norm twice", "norm1 is used in both places. Each part has a norm of its own, with weights of its own.",
            (x, norm1, attention, _, feedForward) => { float[] middle = Add(x, attention(norm1(x))); return Add(middle, feedForward(norm1(middle))); }),
        Mistake("parts exchanged", "the feed-forward network comes first. Attention gathers, then the network works on what was gathered.",
            (x, norm1, attention, norm2, feedForward) => { float[] middle = Add(x, feedForward(norm2(x))); return Add(middle, attention(norm1(middle))); }),
        Mistake("attention's answer is normed", "the norm is applied to what attention says. It belongs on what attention reads.",
            (x, norm1, attention, norm2, feedForward) => { float[] middle = Add(x, norm1(attention(x))); return Add(middle, norm2(feedForward(middle))); }),
    ];

    private static ExerciseCase<Block> Wire(string name, float[] x, Part attention, Part feedForward) => Case(name, (block, inputs) =>
    {
        Row Shown(Part part) => inputs.Show(part.Run, part.Source);
        return Answer.Of(block(inputs.Copy(x), Shown(Norm(2)), Shown(attention), Shown(Norm(0.5f)), Shown(feedForward)));
    });

    // Two norms that can be told apart by their weight.
    private static Part Norm(float weight)
    {
        Part norm = Of(x => [.. x.Select(v => v / MathF.Sqrt(x.Sum(u => u * u) / x.Length + 1e-5f) * weight)]);
        return norm with { Source = norm.Source.Replace(nameof(weight), Literal.Of(weight)) };
    }

    private static Part Of(Row run, [CallerArgumentExpression(nameof(run))] string source = "") => new(run, source);

    private static float[] Add(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];

    /// <summary>A stand-in for a part of a block, and how to write it.</summary>
    private sealed record Part(Row Run, string Source);
}
