using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Tests.Course;

/// <summary>An exercise for the tests of the check: double every value. Squaring gives the same for 2, and for 0.</summary>
internal sealed class DoubleExercise : Exercise<Func<float[], float[]>>
{
    public override string Id => "99.1";

    public override string Title => "Double every value";

    protected override Func<float[], float[]> Solution => values => Array.ConvertAll(values, value => 2 * value);

    protected override Func<float[], float[]> Stub => _ => throw new NotImplementedException();

    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("squared", "squared instead of doubled.", values => Array.ConvertAll(values, value => value * value)),
    ];

    protected override IEnumerable<ExerciseCase<Func<float[], float[]>>> CreateCases() =>
        [Values("2", 2), Values("0", 0), Values("3 and 5", 3, 5), Values("a negative value", -1)];

    private static ExerciseCase<Func<float[], float[]>> Values(string name, params float[] values) =>
        Case(name, (twice, inputs) => Answer.Of(twice(inputs.Copy(values)), i => $"y[{i}]"));
}
