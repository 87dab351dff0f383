using System.Text.Json;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training;

/// <summary>One of the two ways to compute: float32 on <see cref="Tape"/>, or double on <see cref="ReferenceTape"/>, with the tolerance that each must keep.</summary>
internal sealed class ReferencePath(bool exact) : IDisposable
{
    private const double FloatTolerance = 1e-5, DoubleTolerance = 1e-10; // of the largest expected value of a tensor

    private readonly Tape? _fast = exact ? null : new Tape(2);
    private readonly ReferenceTape? _reference = exact ? new ReferenceTape() : null;

    public ITape Tape => (ITape?)_fast ?? _reference ?? throw new InvalidOperationException("one of them is there");

    public double Tolerance => exact ? DoubleTolerance : FloatTolerance;

    public void Dispose() => _fast?.Dispose();

    /// <summary>A leaf with the values of a reference tensor, exact on the double path; another shape sees the same values.</summary>
    public Variable Leaf(JsonElement tensor, string name, params int[] shape) =>
        Fill(new Variable(name, new Shape(shape.Length > 0 ? shape : tensor.Sizes())), tensor);

    public Variable Fill(Variable leaf, JsonElement tensor)
    {
        if (_reference is null) return leaf.Fill(tensor.Floats());
        _reference.Fill(leaf, tensor.Doubles());
        return leaf;
    }

    public void Fill(Variable leaf, ReadOnlySpan<double> values)
    {
        if (_reference is not null) _reference.Fill(leaf, values);
        else for (int i = 0; i < values.Length; i++) leaf.Data[i] = (float)values[i];
    }

    public double[] Values(Variable variable) => _reference?.Values(variable).ToArray() ?? Widen(variable.Data);

    public double[] Gradient(Variable leaf) => _reference?.Gradient(leaf).ToArray() ?? Widen(leaf.Gradient);

    public void Backward(Variable output, JsonElement gradient)
    {
        if (_reference is null) Tape.Backward(output, gradient.Floats());
        else _reference.Backward(output, gradient.Doubles());
    }

    /// <summary>max|difference| is at most the tolerance times max|expected|.</summary>
    public void AssertClose(string what, JsonElement expected, double[] actual) =>
        AssertClose(what, expected.ValueKind == JsonValueKind.Number ? [expected.GetDouble()] : expected.Doubles(), actual);

    public void AssertClose(string what, double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(Math.Abs), worst = 0;
        for (int i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, double.IsNaN(actual[i]) ? double.PositiveInfinity : Math.Abs(expected[i] - actual[i]));
        Assert.True(worst <= Tolerance * largest,
            $"{what}: the worst difference is {worst:g3}, {worst / largest:g3} of the largest value {largest:g3}; expected at most {Tolerance:g1}.");
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = values[i];
        return wide;
    }
}
