using LlmFromScratch.Course.Checking;
using Cosine = System.Func<float[], float[], double>;

namespace LlmFromScratch.Course.Chapters.Ch04;

/// <summary>Exercise 4.2: the cosine of the angle between two vectors, for all vectors: also of length 0, and too large or too small to be squared in a float.</summary>
internal sealed class CosineExercise : Exercise<Cosine>
{
    /// <inheritdoc/>
    public override string Id => "4.2";

    /// <inheritdoc/>
    public override string Title => "Cosine similarity";

    /// <inheritdoc/>
    protected override Cosine Solution => (a, b) => Length(a) * Length(b) is var both && both == 0 ? 0 : Dot(a, b) / both;

    /// <inheritdoc/>
    protected override Cosine Stub => (_, _) => throw new NotImplementedException("exercise 4.2");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Cosine>> CreateCases() =>
    [
        Ask("the same vector", [3, 4], [3, 4]),
        Ask("one three times as long", [1, 2, 2], [3, 6, 6]),
        Ask("at a right angle", [2, 0, 1], [0, 5, 0]),
        Ask("opposite", [1, -2], [-2, 4]),
        Ask("45 degrees", [1, 0], [2, 2]),
        Ask("a mean that is not zero", [10, 11, 12], [12, 11, 10]),
        Ask("one number each", [-3], [0.5f]),
        Ask("256 numbers", Lab.RandomNormal(256, 42), Lab.RandomNormal(256, 43)),
        Ask("numbers of 1e30", [1e30f, 0], [3e30f, 4e30f]),
        Ask("numbers of 1e-30", [1e-30f, 0], [3e-30f, 4e-30f]),
        Ask("a vector of zeros", [0, 0], [1, 2]),
        Ask("two vectors of zeros", [0, 0], [0, 0]),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("zeros are not handled", "a vector of zeros has no direction, and 0 / 0 is not a number: one such row makes every ranking that it is in unordered. Decide before dividing: the cosine is 0.",
            (a, b) => Dot(a, b) / (Length(a) * Length(b))),
        Mistake("lengths left out", "that is the dot product: it grows with the vectors. Divide by both lengths.", Dot),
        Mistake("squared lengths", "the dot product is divided by the squared lengths. Take the root of each sum of squares.",
            (a, b) => Guarded(a, b, Dot(a, b) / (Dot(a, a) * Dot(b, b)))),
        Mistake("divided by one length", "only one of the two lengths is divided by, so twice the other vector gives twice the result.", (a, b) => Guarded(a, b, Dot(a, b) / Length(a))),
        Mistake("lengths added", "the lengths are added. Divide by their product.", (a, b) => Guarded(a, b, Dot(a, b) / (Length(a) + Length(b)))),
        Mistake("the sign is lost", "opposite vectors come out as equal ones: the absolute value is taken. A cosine goes from -1 to 1.", (a, b) => Guarded(a, b, Math.Abs(Dot(a, b)) / (Length(a) * Length(b)))),
        Mistake("means taken off", "the mean of each vector is taken off first: that is a correlation. The cosine looks at the vectors from the origin.",
            (a, b) => { float[] p = Centred(a), q = Centred(b); return Guarded(p, q, Dot(p, q) / (Length(p) * Length(q))); }),
        Mistake("squares in float", "the square of a large number is infinite in a float, and that of a small one is 0. Multiply and add in double.", (a, b) => InFloat(a, b, guarded: true)),
        Mistake("squares in float, zeros not handled", "two things: squares overflow in a float, so add in double; and a vector of zeros gives 0 / 0, where the answer is 0.", (a, b) => InFloat(a, b, guarded: false)),
        Mistake("small is taken for zero", "short vectors come out as 0: a small number was added to the lengths, or lengths below one were taken for zero. Only the length 0 has no direction.",
            (a, b) => Dot(a, b) / (Length(a) * Length(b) + 1e-12)),
        Mistake("the angle", "the result is the angle in radians. Its cosine is wanted: leave the last step out.", (a, b) => Guarded(a, b, Math.Acos(Math.Clamp(Dot(a, b) / (Length(a) * Length(b)), -1, 1)))),
        Mistake("a distance", "1 minus the cosine is a distance: 0 for the same direction. Here 1 means the same direction.", (a, b) => 1 - Guarded(a, b, Dot(a, b) / (Length(a) * Length(b)))),
    ];

    private static ExerciseCase<Cosine> Ask(string name, float[] a, float[] b) => Case(name, (cosine, inputs) => Answer.Of(cosine(inputs.Copy(a), inputs.Copy(b))));

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Length(float[] a) => Math.Sqrt(Dot(a, a));

    private static double Guarded(float[] a, float[] b, double value) => Length(a) * Length(b) == 0 ? 0 : value;

    private static float[] Centred(float[] a) => [.. a.Select(x => x - a.Average())];

    private static double InFloat(float[] a, float[] b, bool guarded)
    {
        float dot = 0, aSquare = 0, bSquare = 0;
        for (int i = 0; i < a.Length; i++) (dot, aSquare, bSquare) = (dot + a[i] * b[i], aSquare + a[i] * a[i], bSquare + b[i] * b[i]);
        return guarded && aSquare * bSquare == 0 ? 0 : dot / (MathF.Sqrt(aSquare) * MathF.Sqrt(bSquare));
    }
}
