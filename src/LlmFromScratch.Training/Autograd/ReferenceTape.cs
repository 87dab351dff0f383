using System.Globalization;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd.Reference;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Every operation and its gradient as plain loops in double: the living definition that <see cref="Tape"/> is tested against, and the way to check a gradient
/// to ten digits. A model written over <see cref="ITape"/> runs on it unchanged. Slow, and it allocates freely. The loops stand in the folder Reference.
/// </summary>
/// <remarks>
/// A leaf's values are its floats, read when it is first used after a backward pass or reset, unless <see cref="Fill"/> gave exact ones. Gradients of leaves are
/// kept here in double and add up until <see cref="ZeroGradients"/>; the float gradients of the leaves stay as they are.
/// </remarks>
public sealed class ReferenceTape : ITape
{
    private readonly Dictionary<Variable, double[]> _values = [], _given = [], _gradients = [];
    private readonly List<(Variable Output, Action<double[]> Backward)> _operations = [];
    private readonly GradientSwitch _gradientSwitch = new();

    /// <inheritdoc/>
    public Variable Embedding(Variable table, ReadOnlyMemory<int> ids) => ReferenceRows.Embedding(this, table, ids);

    /// <inheritdoc/>
    public Variable Linear(Variable x, Variable weight) => this.AddAdapter(x, weight, ReferenceRows.Linear(this, x, weight));

    /// <inheritdoc/>
    public Variable RmsNorm(Variable x, Variable weight, float epsilon) => ReferenceNorms.RmsNorm(this, x, weight, epsilon);

    /// <inheritdoc/>
    public Variable LayerNorm(Variable x, Variable weight, Variable bias, float epsilon) => ReferenceNorms.LayerNorm(this, x, weight, bias, epsilon);

    /// <inheritdoc/>
    public Variable Rope(Variable x, RopeSettings options) => ReferenceAttention.Rope(this, x, options);

    /// <inheritdoc/>
    public Variable Attention(Variable q, Variable k, Variable v, AttentionSettings options, Variable? bias = null) =>
        ReferenceAttention.Attention(this, q, k, v, options, bias);

    /// <inheritdoc/>
    public Variable Activate(Variable x, Activation activation) => ReferenceValues.Activate(this, x, activation);

    /// <inheritdoc/>
    public Variable SiluMul(Variable gate, Variable up) => ReferenceValues.SiluMul(this, gate, up);

    /// <inheritdoc/>
    public Variable Add(Variable a, Variable b) => ReferenceValues.Add(this, a, b);

    /// <inheritdoc/>
    public Variable AddRow(Variable x, Variable row) => ReferenceRows.AddRow(this, x, row);

    /// <inheritdoc/>
    public Variable Multiply(Variable a, Variable b) => ReferenceValues.Multiply(this, a, b);

    /// <inheritdoc/>
    public Variable ScaleRows(Variable x, Variable factors) => ReferenceRows.ScaleRows(this, x, factors);

    /// <inheritdoc/>
    public Variable Scale(Variable x, double factor) => ReferenceValues.Scale(this, x, factor);

    /// <inheritdoc/>
    public Variable Softmax(Variable x) => ReferenceNorms.Softmax(this, x);

    /// <inheritdoc/>
    public Variable LogSoftmax(Variable x) => ReferenceNorms.LogSoftmax(this, x);

    /// <inheritdoc/>
    public Variable Dropout(Variable x, float rate, SeededRandom random) => rate == 0 ? x : ReferenceValues.Dropout(this, x, rate, random);

    /// <inheritdoc/>
    public Variable Columns(Variable x, int first, int count) => ReferenceRows.Columns(this, x, first, count);

    /// <inheritdoc/>
    public Variable JoinColumns(Variable a, Variable b) => ReferenceRows.JoinColumns(this, a, b);

    /// <inheritdoc/>
    public Variable JoinRows(Variable a, Variable b) => ReferenceRows.JoinRows(this, a, b);

    /// <inheritdoc/>
    public Variable Reshape(Variable x, Shape shape) => ReferenceRows.Reshape(this, x, shape);

    /// <inheritdoc/>
    public Variable Elements(Variable x, ReadOnlyMemory<int> indices, Shape shape) => ReferenceRows.Elements(this, x, indices, shape);

    /// <inheritdoc/>
    public Variable ScatterRows(Variable x, ReadOnlyMemory<int> ids, int rowCount) => ReferenceRows.ScatterRows(this, x, ids, rowCount);

    /// <inheritdoc/>
    public Variable RowSums(Variable x) => ReferenceRows.RowSums(this, x);

    /// <inheritdoc/>
    public Variable Sum(Variable x) => ReferenceValues.Sum(this, x);

    /// <inheritdoc/>
    public Variable LogProbability(Variable logits, ReadOnlyMemory<int> targets) => ReferenceLosses.LogProbability(this, logits, targets);

    /// <inheritdoc/>
    public Variable CrossEntropy(Variable logits, ReadOnlyMemory<int> targets) => ReferenceLosses.CrossEntropy(this, logits, targets);

    /// <inheritdoc/>
    public Variable Constant(ReadOnlySpan<double> values, Shape shape) => ReferenceValues.Constant(this, values, shape);

    /// <inheritdoc/>
    public Memory<int> Indices(int count) => new int[count];

    /// <inheritdoc/>
    public NoGradientScope NoGradient() => new(_gradientSwitch);

    /// <summary>Gives a leaf exact values on this tape, and their roundings to its floats.</summary>
    /// <param name="leaf">A leaf.</param>
    /// <param name="values">As many as its shape holds.</param>
    public void Fill(Variable leaf, ReadOnlySpan<double> values)
    {
        Require.That(leaf.IsLeaf && values.Length == leaf.Shape.Count,
            $"Fill: {leaf.Name} {leaf.Shape} got {values.Length} values; expected a leaf and one for each.");
        _given[leaf] = _values[leaf] = values.ToArray();
        for (int i = 0; i < values.Length; i++) leaf.Data[i] = (float)values[i];
    }

    /// <summary>The values of a leaf or a result in double, row-major.</summary>
    public ReadOnlySpan<double> Values(Variable variable) => ValuesOf(variable);

    /// <summary>The gradient of a leaf in double: what all backward passes since <see cref="ZeroGradients"/> have added up.</summary>
    public ReadOnlySpan<double> Gradient(Variable leaf) => GradientOf(leaf);

    /// <summary>Sets the gradients of all leaves to zero.</summary>
    public void ZeroGradients() => _gradients.Clear();

    /// <summary>Adds the derivative of <paramref name="loss"/> to the gradient of every leaf it depends on, and frees the tape.</summary>
    /// <param name="loss">[1], made by this tape.</param>
    /// <param name="scale">The gradient of the loss itself.</param>
    /// <returns>The value of the loss.</returns>
    public double Backward(Variable loss, double scale = 1)
    {
        if (loss.Shape.Count != 1) throw new ArgumentException($"Backward: the loss is {loss.Shape}; expected one value, [1].", nameof(loss));
        double value = ValuesOf(loss)[0];
        Backward(loss, [scale]);
        return value;
    }

    /// <inheritdoc/>
    public void Backward(Variable output, ReadOnlySpan<float> outputGradient)
    {
        double[] gradient = new double[outputGradient.Length];
        for (int i = 0; i < gradient.Length; i++) gradient[i] = outputGradient[i];
        Backward(output, gradient);
    }

    /// <summary>The same for exact gradients.</summary>
    public void Backward(Variable output, ReadOnlySpan<double> outputGradient)
    {
        Require.That(outputGradient.Length == output.Shape.Count,
            $"Backward: {output.Name} is {output.Shape}, got {outputGradient.Length} gradient values; expected one for each.");
        Require.That(output.RequiresGradient, $"Backward: {output.Name} depends on no leaf that requires a gradient.");
        outputGradient.CopyTo(GradientOf(output));
        for (int i = _operations.Count - 1; i >= 0; i--)
        {
            (Variable result, Action<double[]> backward) = _operations[i];
            if (result.RequiresGradient && _gradients.TryGetValue(result, out double[]? gradient)) backward(gradient);
        }
        Reset();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        foreach ((Variable result, _) in _operations)
        {
            _gradients.Remove(result);
            result.Forget();
        }
        _operations.Clear();
        _values.Clear();
        foreach ((Variable leaf, double[] values) in _given) _values.Add(leaf, values);
    }

    /// <summary>The decimal number that a float setting was written as: 1e-5f means 1e-5 and not the float next to it.</summary>
    internal static double Exact(float setting) => double.Parse(setting.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    internal double[] ValuesOf(Variable variable)
    {
        if (_values.TryGetValue(variable, out double[]? values)) return values;
        values = variable.ExactValues ?? Array.ConvertAll(variable.Data.ToArray(), value => (double)value);
        _values.Add(variable, values);
        return values;
    }

    /// <summary>Where to add a gradient; for a variable that requires none the sums go nowhere.</summary>
    internal double[] GradientOf(Variable variable)
    {
        if (_gradients.TryGetValue(variable, out double[]? gradient)) return gradient;
        gradient = new double[variable.Shape.Count];
        if (variable.RequiresGradient) _gradients.Add(variable, gradient);
        return gradient;
    }

    /// <summary>Writes an operation on the tape.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="values">The result.</param>
    /// <param name="backward">Adds to the gradients of the inputs, given that of the result.</param>
    /// <param name="inputs">What it was computed from.</param>
    internal Variable Record(string name, Shape shape, double[] values, Action<double[]> backward, params ReadOnlySpan<Variable?> inputs)
    {
        Variable result = new();
        result.Begin(name, inputs is [.., { IsLeaf: true } leaf] ? leaf : null, shape, _gradientSwitch.RequiresGradient(inputs),
            Array.ConvertAll(values, value => (float)value));
        _values.Add(result, values);
        _operations.Add((result, backward));
        return result;
    }
}
