using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;
using Code = System.Func<int, int, double[]>; // position, C: the code [C]

namespace LlmFromScratch.Course.Chapters.Ch04;

/// <summary>Exercise 4.4: one row of sinusoidal position codes.</summary>
internal sealed class PositionCodeExercise : Exercise<Code>
{
    /// <inheritdoc/>
    public override string Id => "4.4";

    /// <inheritdoc/>
    public override string Title => "A code for a position";

    /// <inheritdoc/>
    protected override Code Solution => (position, size) => Make(size, i => position * Frequency(2.0 * (i / 2) / size));

    /// <inheritdoc/>
    protected override Code Stub => (_, _) => throw new NotImplementedException("exercise 4.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Code>> CreateCases() =>
    [
        Ask("position 1, two numbers", 1, 2),
        Ask("position 0", 0, 6),
        Ask("position 1, eight numbers", 1, 8),
        Ask("position 30", 30, 8),
        Ask("position 5, sixteen numbers", 5, 16),
        Ask("position 8191, 64 numbers", 8191, 64),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("multiplied by the power", "the position is multiplied by 10000^(2i/C) and not divided by it, as in the formula that a PDF has garbled. Each pair must turn more slowly than the one before.",
            (position, size) => [.. Enumerable.Range(0, size).Select(i => Fast(i, position * Math.Pow(10_000, 2.0 * (i / 2) / size)))]),
        Mistake("a frequency for every number", "every number has a frequency of its own. A sine and a cosine form a pair and share one: the exponent is 2i/C for both, with i the number of the pair.",
            (position, size) => Make(size, i => position * Frequency((double)i / size))),
        Mistake("half the exponent", "the exponent of pair i is i/C. It is 2i/C: the frequencies go down to about 1/10000.", (position, size) => Make(size, i => position * Frequency((double)(i / 2) / size))),
        Mistake("the number instead of the pair", "the exponent is twice the number's index over C. i counts pairs: numbers 0 and 1 are pair 0, 2 and 3 pair 1.",
            (position, size) => Make(size, i => position * Frequency(2.0 * i / size))),
        Mistake("all sines first", "the sines stand in the first half and the cosines in the second. Both are in use; here a pair stands side by side: sine at 2i, cosine at 2i + 1.", Halves),
        Mistake("sine and cosine exchanged", "the cosine stands at 2i and the sine after it. It is the other way round.",
            (position, size) => [.. Make(size, i => position * Frequency(2.0 * (i / 2) / size)).Chunk(2).SelectMany(pair => new[] { pair[1], pair[0] })]),
        Mistake("degrees", "the angle is taken for degrees. Math.Sin and Math.Cos want radians: nothing is to be converted.",
            (position, size) => Make(size, i => position * Frequency(2.0 * (i / 2) / size) * Math.PI / 180)),
        Mistake("pairs counted from 1", "the pairs are counted from 1, so the first one turns as slowly as the second should. The first pair is i = 0: its angle is the position itself.",
            (position, size) => Make(size, i => position * Frequency(2.0 * (i / 2 + 1) / size))),
        Mistake("counted from 1", "the first position is counted as 1. It is 0: all sines 0, all cosines 1.", (position, size) => Make(size, i => (position + 1) * Frequency(2.0 * (i / 2) / size))),
        Mistake("one frequency for all", "every pair turns at the same speed, so the code comes round again after six positions. Divide by 10000^(2i/C); in C# 2 * i / C of whole numbers is 0, so write 2.0 * i / C.", (position, size) => Make(size, _ => position)),
        Mistake("e instead of 10000", "the frequencies are powers of e. The base is 10000.", (position, size) => Make(size, i => position * PortableMath.Exp(-2.0 * (i / 2) / size))),
    ];

    private static ExerciseCase<Code> Ask(string name, int position, int size) => Case(name, (code, _) => Answer.Of(code(position, size), i => $"code[{i}]"));

    private static double Frequency(double exponent) => PortableMath.Pow(10_000, -exponent);

    private static double[] Make(int size, Func<int, double> angle) =>
        [.. Enumerable.Range(0, size).Select(i => i % 2 == 0 ? PortableMath.Sin(angle(i)) : PortableMath.Cos(angle(i)))];

    // Math, because PortableMath holds for angles up to a million only, and these are larger.
    private static double Fast(int i, double angle) => i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);

    private static double[] Halves(int position, int size)
    {
        double[] pairs = Make(size, i => position * Frequency(2.0 * (i / 2) / size));
        return [.. pairs.Where((_, i) => i % 2 == 0), .. pairs.Where((_, i) => i % 2 == 1)];
    }
}
