using System.Runtime.CompilerServices;
using System.Text.Json;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training;

/// <summary>
/// Expected values made by PyTorch; the directory is LLM_REFERENCE_DATA, or tests/reference of this repository. A relative path starts at the repository's root:
/// `dotnet test` runs the tests in the folder of their binaries.
/// </summary>
internal static class ReferenceData
{
    private const double Tolerance = 1e-5; // of the largest expected value: float32 against float64

    public static JsonElement Load(string name)
    {
        string directory = Path.GetFullPath(Environment.GetEnvironmentVariable("LLM_REFERENCE_DATA") ?? "tests/reference", Path.Combine(TestsDirectory(), ".."));
        using FileStream file = File.OpenRead(Path.Combine(directory, name + ".json"));
        return JsonDocument.Parse(file).RootElement;
    }

    public static TheoryData<int> Cases(string name, Func<JsonElement, bool> supported)
    {
        TheoryData<int> cases = [];
        JsonElement.ArrayEnumerator all = Load(name).GetProperty("cases").EnumerateArray();
        int index = 0;
        foreach (JsonElement candidate in all)
        {
            if (supported(candidate)) cases.Add(index);
            index++;
        }
        return cases;
    }

    /// <summary>The cases that hold, each on the float path (false) and on the double path (true).</summary>
    public static TheoryData<int, bool> CasesOnBothPaths(string name, Func<JsonElement, bool> holds)
    {
        TheoryData<int, bool> cases = [];
        int index = 0;
        foreach (JsonElement candidate in Load(name).GetProperty("cases").EnumerateArray())
        {
            if (holds(candidate))
            {
                cases.Add(index, false);
                cases.Add(index, true);
            }
            index++;
        }
        return cases;
    }

    public static JsonElement Case(string name, int index) => Load(name).GetProperty("cases")[index];

    public static double[] Doubles(this JsonElement tensor) => [.. tensor.GetProperty("data").EnumerateArray().Select(value => value.GetDouble())];

    public static float[] Floats(this JsonElement tensor) => [.. tensor.Doubles().Select(value => (float)value)];

    public static int[] Ints(this JsonElement tensor) => [.. tensor.Doubles().Select(value => (int)value)];

    public static int[] Sizes(this JsonElement tensor) => [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];

    public static int Size(this JsonElement tensor, int axis) => tensor.GetProperty("shape")[axis].GetInt32();

    public static Variable Leaf(this JsonElement tensor, string name, params int[] shape) =>
        new Variable(name, new Shape(shape.Length > 0 ? shape : tensor.Sizes())).Fill(tensor.Floats());

    /// <summary>max|difference| is at most 1e-5 of max|expected|.</summary>
    public static void AssertClose(string what, JsonElement expected, ReadOnlySpan<float> actual)
    {
        double[] values = expected.Doubles();
        Assert.Equal(values.Length, actual.Length);
        double largest = values.Max(Math.Abs), worst = 0;
        for (int i = 0; i < values.Length; i++)
            worst = Math.Max(worst, double.IsNaN(actual[i]) ? double.PositiveInfinity : Math.Abs(values[i] - actual[i]));
        Assert.True(worst <= Tolerance * largest,
            $"{what}: the worst difference is {worst:g3}, {worst / largest:g3} of the largest value {largest:g3}; expected at most {Tolerance:g1}.");
    }

    private static string TestsDirectory([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../..")); // a compiled path is never null
}
