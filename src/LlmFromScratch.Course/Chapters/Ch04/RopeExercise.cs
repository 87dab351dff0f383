using LlmFromScratch.Course.Checking;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Course.Chapters.Ch04;

/// <summary>Exercise 4.5: one head turned by its position, which then runs in every block of the embedded model.</summary>
internal sealed class RopeExercise : Exercise<ReferenceBackend>
{
    private delegate (double First, double Second) Turn(double first, double second, double angle);

    /// <inheritdoc/>
    public override string Id => "4.5";

    /// <inheritdoc/>
    public override string Title => "A head turned by its position";

    /// <inheritdoc/>
    protected override ReferenceBackend Solution => new();

    /// <inheritdoc/>
    protected override ReferenceBackend Stub => new Mutant((_, _, _) => throw new NotImplementedException("exercise 4.5"));

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<ReferenceBackend>> CreateCases() =>
    [
        Ask("one pair, position 1", [1, 0], [1], [1], RopePairing.Interleaved),
        Ask("one pair, both numbers", [3, -2], [2], [1], RopePairing.Interleaved),
        Ask("position 0", [1, 2, 3, 4], [0], [1, 0.5f], RopePairing.Interleaved),
        Ask("two pairs, neighbours", [1, 2, 3, 4], [3], [1, 0.1f], RopePairing.Interleaved),
        Ask("two pairs, halves", [1, 2, 3, 4], [3], [1, 0.1f], RopePairing.Half),
        Ask("frequencies of another model", [1, -1, 0.5f, 2, 3, 1], [7], [0.7f, 0.3f, 0.02f], RopePairing.Half),
        Ask("four tokens of sixteen numbers, neighbours", Lab.RandomNormal(64, 45), [0, 1, 17, 99], Frequencies(16), RopePairing.Interleaved),
        Ask("four tokens of sixteen numbers, halves", Lab.RandomNormal(64, 46), [4, 3, 2, 1], Frequencies(16), RopePairing.Half),
        Ask("a head of which only the first half is turned", [1, 2, 3, 4, 5, 6, 7, 8], [2], [1, 0.1f], RopePairing.Half),
    ];

    /// <inheritdoc/>
    protected override Tolerance Tolerance => new(1e-4, 1e-4); // an angle of some radians, computed in float, is off by its last bits

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Turned("turned the other way", "the pair turns by minus the angle. The first number becomes first · cos - second · sin. Within one program nobody notices; with weights from elsewhere every head looks in the wrong places.",
            (a, b, angle) => Rotate(a, b, -angle)),
        Turned("the first number overwritten", "the second number was computed from the first one's new value. Keep the old one in a variable.",
            (a, b, angle) => { double first = Rotate(a, b, angle).First; return (first, Rotate(first, b, angle).Second); }),
        Turned("sine and cosine exchanged", "sine and cosine have changed places: at position 0 the pair should stay as it is.", (a, b, angle) => Rotate(a, b, Math.PI / 2 - angle)),
        Turned("reflected", "the signs make a reflection of it: applied twice, the pair is back where it was. A turn has one minus, at first · cos - second · sin.",
            (a, b, angle) => Rotate(a, -b, angle)),
        Turned("degrees", "the angle is taken for degrees. The frequencies are radians a position.", (a, b, angle) => Rotate(a, b, angle * Math.PI / 180)),
        Turned("scaled by the cosine only", "the sine is missing: the pair shrinks and grows and does not turn.", (a, b, angle) => (a * PortableMath.Cos(angle), b * PortableMath.Cos(angle))),
        Wrong("always neighbours", "neighbours are paired, whatever options.Pairing says. Half means: number i with number i + pairs.", (i, pairs, _) => (2 * i, 2 * i + 1), (i, position, f) => position * f[i]),
        Wrong("always halves", "number i is paired with i + pairs, whatever options.Pairing says. Interleaved means: 2i with 2i + 1.", (i, pairs, _) => (i, i + pairs), (i, position, f) => position * f[i]),
        Wrong("one frequency for all", "every pair turns at the speed of the first. Pair i has the frequency options.Frequencies[i].", Pairs, (_, position, f) => position * f[0]),
        Wrong("the position left out", "the angle is the frequency alone, so every token turns alike and the scores know no order. Multiply it by the position.", Pairs, (i, _, f) => f[i]),
        Wrong("counted from 1", "the first position is counted as 1. At position 0 nothing turns.", Pairs, (i, position, f) => (position + 1) * f[i]),
        Wrong("divided by the frequency", "the position is divided by the frequency. The angle is their product: the larger the frequency, the faster it turns.", Pairs, (i, position, f) => position / f[i]),
        Mistake("frequencies of its own", "the angles are made from 10000^(-2i/D). That is the rule of one family of models; others have another base or stretch it. The model says its frequencies in options.Frequencies.",
            OwnFrequencies((head, options) => (options.Frequencies.Shape[0], head.Length))),
        Mistake("frequencies of its own, from the pairs that turn", "the angles are made from 10000^(-i/pairs). That is the rule of one family of models; others have another base or stretch it. The model says its frequencies in options.Frequencies.",
            OwnFrequencies((_, options) => (options.Frequencies.Shape[0], 2 * options.Frequencies.Shape[0]))),
        Mistake("frequencies of its own, over the whole head", "the angles are made from 10000^(-2i/D), and for D/2 pairs. The model says in options.Frequencies how many pairs turn, and how fast each does.",
            OwnFrequencies((head, _) => (head.Length / 2, head.Length))),
        Mistake("as many pairs as half the head", "there are fewer frequencies than half the head has numbers, where only a part of it turns. The number of pairs is options.Frequencies.Shape[0].",
            OverTheHead((head, _) => head.Length / 2)),
        Mistake("half of the head instead of half of what is turned", "number i is paired with the one half a head further on. Only 2 · pairs numbers turn, the first ones; their halves are paired, and the rest of the head stays.",
            OverTheHead((_, options) => options.Frequencies.Shape[0])),
    ];

    private static Mistake Turned(string name, string diagnosis, Turn turn) => Mistake(name, diagnosis, new Mutant((head, position, options) => Each(head, position, options, Pairs, (i, p, f) => p * f[i], turn)));

    private static Mistake Wrong(string name, string diagnosis, Func<int, int, RopePairing, (int, int)> pair, Func<int, double, double[], double> angle) =>
        Mistake(name, diagnosis, new Mutant((head, position, options) => Each(head, position, options, pair, angle, Rotate)));

    // Turns as many pairs as the first number says, by 10000^(-2i/D) with the second number for D.
    private static Mutant OwnFrequencies(Func<double[], RopeOptions, (int Pairs, int Size)> of) => new((head, position, options) =>
    {
        (int pairs, int size) = of(head, options);
        for (int i = 0; i < pairs; i++)
        {
            (int first, int second) = Pairs(i, pairs, options.Pairing);
            (head[first], head[second]) = Rotate(head[first], head[second], position * PortableMath.Pow(10_000, -2.0 * i / size));
        }
    });

    // Pairs halves of the whole head, however much of it turns.
    private static Mutant OverTheHead(Func<double[], RopeOptions, int> pairs) => new((head, position, options) =>
    {
        for (int i = 0; i < pairs(head, options); i++)
        {
            (int first, int second) = Pairs(i, head.Length / 2, options.Pairing);
            (head[first], head[second]) = Rotate(head[first], head[second], position * (double)options.Frequencies.Floats[i]);
        }
    });

    private static ExerciseCase<ReferenceBackend> Ask(string name, float[] heads, int[] positions, float[] frequencies, RopePairing pairing) => Case(name, (backend, inputs) =>
    {
        int size = heads.Length / positions.Length; // D
        if (positions.Length == 1) inputs.ShowCall("RotateHead", ("head", heads), ("position", positions[0]), ("options.Frequencies", frequencies), ("options.Pairing", pairing));
        else inputs.ShowCall("Rope", ($"heads [{positions.Length}, {size}]", heads), ("positions", positions), ("options.Frequencies", frequencies), ("options.Pairing", pairing));
        using Tensor x = Tensor.FromFloats(heads, positions.Length, 1, size), at = Tensor.Zeros(new Shape(positions.Length), DType.I32), radians = Tensor.FromFloats(frequencies, frequencies.Length);
        positions.CopyTo(at.Ints);
        backend.Rope(x, at, new RopeOptions(pairing, radians));
        return Answer.Of(x.Floats.ToArray(), i => $"head[{i % size}] at position {positions[i / size]}");
    });

    private static float[] Frequencies(int size) => [.. Enumerable.Range(0, size / 2).Select(i => (float)PortableMath.Pow(10_000, -2.0 * i / size))];

    private static (int First, int Second) Pairs(int i, int pairs, RopePairing pairing) => pairing == RopePairing.Interleaved ? (2 * i, 2 * i + 1) : (i, i + pairs);

    private static (double First, double Second) Rotate(double a, double b, double angle) =>
        (a * PortableMath.Cos(angle) - b * PortableMath.Sin(angle), a * PortableMath.Sin(angle) + b * PortableMath.Cos(angle));

    private static void Each(double[] head, int position, RopeOptions options, Func<int, int, RopePairing, (int First, int Second)> pair, Func<int, double, double[], double> angle, Turn turn)
    {
        double[] frequencies = Array.ConvertAll(options.Frequencies.Floats.ToArray(), f => (double)f);
        for (int i = 0; i < frequencies.Length; i++)
        {
            (int first, int second) = pair(i, frequencies.Length, options.Pairing);
            (head[first], head[second]) = turn(head[first], head[second], angle(i, position, frequencies));
        }
    }

    /// <summary>A backend that turns a head in another way.</summary>
    private sealed class Mutant(Action<double[], int, RopeOptions> turn) : ReferenceBackend
    {
        protected override void RotateHead(Span<float> head, int position, RopeOptions options)
        {
            double[] values = Array.ConvertAll(head.ToArray(), value => (double)value);
            turn(values, position, options);
            for (int i = 0; i < head.Length; i++) head[i] = (float)values[i];
        }
    }
}
