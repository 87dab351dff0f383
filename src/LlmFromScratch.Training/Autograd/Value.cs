using System.Globalization;
using System.Text;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// A number that remembers how it was computed: the whole of reverse-mode differentiation on one page, one scalar at a time. <see cref="Backward"/> gives
/// every number of the expression its <see cref="Gradient"/>, the derivative of the result by it. <see cref="Variable"/> and <see cref="Tape"/> do the same
/// for tensors. Taught in the chapter on gradients.
/// </summary>
[TypeFormatterSource("LlmFromScratch.Course", "ScalarFormatterSource")]
public sealed class Value
{
    private readonly Value[] _inputs;
    private readonly double[] _slopes; // the derivative of this number by each input, known when it is computed

    /// <summary>Makes a leaf: an input or a weight.</summary>
    /// <param name="data">The number.</param>
    /// <param name="name">Its name in the printed graph.</param>
    public Value(double data, string name = "")
    {
        (Data, Name, Operation) = (data, name, "");
        (_inputs, _slopes) = ([], []);
    }

    private Value(double data, string operation, params ReadOnlySpan<(Value Input, double Slope)> parts)
    {
        (Data, Name, Operation) = (data, "", operation);
        _inputs = new Value[parts.Length];
        _slopes = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++) (_inputs[i], _slopes[i]) = parts[i];
    }

    /// <summary>The number. A leaf may be changed, as a step of gradient descent does; what was computed from it does not follow.</summary>
    public double Data { get; set; }

    /// <summary>The derivative of the last results that <see cref="Backward"/> was called on by this number; adds up until it is set to 0.</summary>
    public double Gradient { get; set; }

    /// <summary>The name of a leaf.</summary>
    public string Name { get; }

    /// <summary>What computed this number; empty for a leaf.</summary>
    public string Operation { get; }

    /// <summary>What it was computed from.</summary>
    public IReadOnlyList<Value> Inputs => _inputs;

    /// <summary>A constant is a leaf without a name.</summary>
    public static implicit operator Value(double constant) => new(constant);

    /// <summary><c>a + b</c>; slopes 1 and 1.</summary>
    public static Value operator +(Value a, Value b) => new(a.Data + b.Data, "+", (a, 1), (b, 1));

    /// <summary><c>a - b</c>; slopes 1 and -1.</summary>
    public static Value operator -(Value a, Value b) => new(a.Data - b.Data, "-", (a, 1), (b, -1));

    /// <summary><c>-a</c>; slope -1.</summary>
    public static Value operator -(Value a) => new(-a.Data, "neg", (a, -1));

    /// <summary><c>a · b</c>; slopes b and a.</summary>
    public static Value operator *(Value a, Value b) => new(a.Data * b.Data, "*", (a, b.Data), (b, a.Data));

    /// <summary><c>a / b</c>; slopes 1/b and -a/b².</summary>
    public static Value operator /(Value a, Value b) => new(a.Data / b.Data, "/", (a, 1 / b.Data), (b, -a.Data / (b.Data * b.Data)));

    /// <summary><c>a^exponent</c> for a above 0; slope <c>exponent · a^(exponent - 1)</c>.</summary>
    public Value Pow(double exponent)
    {
        double power = PortableMath.Pow(Data, exponent);
        return new Value(power, $"^{exponent.ToString(CultureInfo.InvariantCulture)}", (this, exponent * power / Data));
    }

    /// <summary><c>e^a</c>, its own slope.</summary>
    public Value Exp()
    {
        double power = PortableMath.Exp(Data);
        return new Value(power, "exp", (this, power));
    }

    /// <summary>The natural logarithm; slope 1/a.</summary>
    public Value Log() => new(PortableMath.Log(Data), "log", (this, 1 / Data));

    /// <summary><c>tanh a</c>; slope <c>1 - tanh² a</c>.</summary>
    public Value Tanh()
    {
        double tanh = PortableMath.Tanh(Data);
        return new Value(tanh, "tanh", (this, 1 - tanh * tanh));
    }

    /// <summary><c>σ(a) = 1 / (1 + e^-a)</c>; slope <c>σ · (1 - σ)</c>.</summary>
    public Value Sigmoid()
    {
        double sigmoid = 1 / (1 + PortableMath.Exp(-Data));
        return new Value(sigmoid, "sigmoid", (this, sigmoid * (1 - sigmoid)));
    }

    /// <summary><c>max(0, a)</c>; slope 1 above 0, else 0.</summary>
    public Value Relu() => new(Math.Max(0, Data), "relu", (this, Data > 0 ? 1 : 0));

    /// <summary>
    /// The chain rule, from this number back to the leaves: each number passes its gradient to its inputs, multiplied by the slope. A number passes on only
    /// when all that was computed from it has passed to it, so the graph is walked in reverse topological order.
    /// </summary>
    public void Backward()
    {
        IReadOnlyList<Value> order = Graph();
        foreach (Value value in order)
            if (value._inputs.Length > 0) value.Gradient = 0; // only leaves add up over several calls
        Gradient += 1;
        for (int i = order.Count - 1; i >= 0; i--)
            for (int j = 0; j < order[i]._inputs.Length; j++)
                order[i]._inputs[j].Gradient += order[i]._slopes[j] * order[i].Gradient;
    }

    /// <summary>All numbers that this one was computed from and itself, inputs before what is computed from them.</summary>
    public IReadOnlyList<Value> Graph()
    {
        List<Value> order = [];
        HashSet<Value> seen = [];
        Stack<(Value Value, bool InputsDone)> open = new([(this, false)]); // not recursive: a loss over many samples is deeper than the stack
        while (open.TryPop(out (Value Value, bool InputsDone) next))
        {
            if (next.InputsDone) order.Add(next.Value);
            else if (seen.Add(next.Value))
            {
                open.Push((next.Value, true));
                for (int i = next.Value._inputs.Length - 1; i >= 0; i--) open.Push((next.Value._inputs[i], false));
            }
        }
        return order;
    }

    /// <summary>The graph as text, one number a line with its gradient, what it is computed from indented below it; a number used twice stands twice.</summary>
    public string Print()
    {
        StringBuilder text = new();
        Print(text, 0);
        return text.ToString();
    }

    /// <summary>For example "w = 2 (gradient 3)".</summary>
    public override string ToString()
    {
        string label = Operation.Length > 0 ? Operation : Name.Length > 0 ? Name : "constant";
        return string.Create(CultureInfo.InvariantCulture, $"{label} = {Data:0.######} (gradient {Gradient:0.######})");
    }

    private void Print(StringBuilder text, int depth)
    {
        text.Append(' ', 2 * depth).Append(ToString()).Append('\n');
        foreach (Value input in _inputs) input.Print(text, depth + 1);
    }
}
