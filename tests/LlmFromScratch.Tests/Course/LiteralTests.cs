using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Course;

/// <summary>How a check writes the inputs of a case: as C# that a reader can paste.</summary>
public class LiteralTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { 3, "3" },
        { -2L, "-2" },
        { 0.5f, "0.5f" },
        { -3f, "-3" },
        { 1e20f, "1E+20f" },
        { float.NegativeInfinity, "float.NegativeInfinity" },
        { float.NaN, "float.NaN" },
        { 0.1, "0.1" },
        { 1e-8, "1E-08" },
        { double.PositiveInfinity, "double.PositiveInfinity" },
        { true, "true" },
        { '+', "'+'" },
        { "a \"fox\"\n", "\"a \\\"fox\\\"\\n\"" },
        { new string('a', 100), "\"" + new string('a', 80) + "\" /* … 100 characters */" },
        { RopePairing.Half, "RopePairing.Half" },
        { new float[] { 1, 0.5f, -2 }, "[1, 0.5f, -2]" },
        { Array.Empty<int>(), "[]" },
        { new int[][] { [1, 2], [3] }, "[[1, 2], [3]]" },
        { Enumerable.Range(1, 16).ToArray(), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]" },
        { Enumerable.Range(1, 17).ToArray(), "[1, 2, 3, 4, … 17 in all]" },
        { new int[][] { [.. Enumerable.Range(1, 9)], [.. Enumerable.Range(1, 9)] }, "[[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9], … 2 in all]" },
        { "für"u8.ToArray(), "[.. \"für\"u8]" },
        { new byte[] { 0xC3 }, "[195]" },
        { (2.5f, 1, new float[] { 1 }), "(2.5f, 1, [1])" },
        { new[] { new BpeMerge(97, 98, 256) }, "[new(97, 98, 256)]" },
        { new Dictionary<string, double> { ["a"] = -2, ["bc"] = 0.5 }, "new() { [\"a\"] = -2, [\"bc\"] = 0.5 }" },
        { (Func<int, int>)(x => x), "…" },
    };

    [Theory, MemberData(nameof(Values))]
    public void Of_Value_IsCSharp(object? value, string expected) => Assert.Equal(expected, Literal.Of(value));

    [Fact]
    public void Of_KnownText_IsTaken()
    {
        Func<int, int> twice = x => 2 * x;
        Assert.Equal("(x => 2 * x, 1)", Literal.Of((twice, 1), new Dictionary<object, string>(ReferenceEqualityComparer.Instance) { [twice] = "x => 2 * x" }));
    }

    [Theory]
    [InlineData(17, 41, 1, "Lab.RandomNormal(17, 41)")]
    [InlineData(300, 7, 0.4f, "Lab.Scale(Lab.RandomNormal(300, 7), 0.4f)")]
    [InlineData(100, 69, 3, "Lab.Scale(Lab.RandomNormal(100, 69), 3)")]
    public void Of_ManyRandomNumbers_NamesTheDrawAndItsFirstNumbers(int count, ulong seed, float factor, string expected)
    {
        float[] drawn = Lab.Scale(Lab.RandomNormal(count, seed), factor);
        string beginning = FormattableString.Invariant($"{drawn[0]:G4}, {drawn[1]:G4}, {drawn[2]:G4}, {drawn[3]:G4}");
        Assert.Equal($"{expected} /* {beginning}, … */", Literal.Of(drawn));
    }

    [Fact]
    public void Of_ManyNumbersOfNoSeed_SaysHowManyThereAre()
    {
        float[] drawn = Lab.RandomNormal(20, 41);
        drawn[19]++;
        Assert.EndsWith(", … 20 in all]", Literal.Of(drawn));
    }

    [Fact]
    public void Write_LongCall_HasAnArgumentALine()
    {
        string longValue = new('1', 110);
        Assert.Equal($"Mix(\n  a: {longValue},\n  b: 2)", CaseText.Write("Mix", ["a", "b"], [longValue, "2"]));
        Assert.Equal("Mix(1, 2)", CaseText.Write("Mix", [], ["1", "2"]));
    }
}
