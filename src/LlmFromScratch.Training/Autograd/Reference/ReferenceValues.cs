using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd.Reference;

/// <summary>Operations on single values. Each method is the forward loop, then the backward loop.</summary>
internal static class ReferenceValues
{
    public static Variable Add(ReferenceTape tape, Variable a, Variable b)
    {
        Require.Sizes("Add", "b", b, a.Shape);
        double[] left = tape.ValuesOf(a), right = tape.ValuesOf(b), y = new double[left.Length];
        for (int i = 0; i < y.Length; i++) y[i] = left[i] + right[i];
        return tape.Record("add", a.Shape, y, yGrad =>
        {
            double[] aGrad = tape.GradientOf(a), bGrad = tape.GradientOf(b);
            for (int i = 0; i < yGrad.Length; i++)
            {
                aGrad[i] += yGrad[i];
                bGrad[i] += yGrad[i];
            }
        }, a, b);
    }

    public static Variable Multiply(ReferenceTape tape, Variable a, Variable b)
    {
        Require.Sizes("Multiply", "b", b, a.Shape);
        double[] left = tape.ValuesOf(a), right = tape.ValuesOf(b), y = new double[left.Length];
        for (int i = 0; i < y.Length; i++) y[i] = left[i] * right[i];
        return tape.Record("multiply", a.Shape, y, yGrad =>
        {
            double[] aGrad = tape.GradientOf(a), bGrad = tape.GradientOf(b);
            for (int i = 0; i < yGrad.Length; i++)
            {
                aGrad[i] += yGrad[i] * right[i];
                bGrad[i] += yGrad[i] * left[i];
            }
        }, a, b);
    }

    public static Variable Scale(ReferenceTape tape, Variable x, double factor)
    {
        double[] xs = tape.ValuesOf(x), y = new double[xs.Length];
        for (int i = 0; i < y.Length; i++) y[i] = xs[i] * factor;
        return tape.Record("scale", x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int i = 0; i < yGrad.Length; i++) xGrad[i] += yGrad[i] * factor;
        }, x);
    }

    public static Variable Sum(ReferenceTape tape, Variable x)
    {
        double sum = 0;
        foreach (double value in tape.ValuesOf(x)) sum += value;
        return tape.Record("sum", new Shape(1), [sum], yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int i = 0; i < xGrad.Length; i++) xGrad[i] += yGrad[0];
        }, x);
    }

    public static Variable Constant(ReferenceTape tape, ReadOnlySpan<double> values, Shape shape)
    {
        Require.That(values.Length == shape.Count, $"Constant: {values.Length} values for a result of {shape}; expected one each.");
        return tape.Record("constant", shape, values.ToArray(), _ => { });
    }

    public static Variable Dropout(ReferenceTape tape, Variable x, float rate, SeededRandom random)
    {
        Require.Rate(rate);
        ulong seed = random.NextUInt64();
        double factor = 1 / (1 - ReferenceTape.Exact(rate));
        double[] xs = tape.ValuesOf(x), y = new double[xs.Length];
        for (int i = 0; i < y.Length; i++) y[i] = DropoutMask.Keeps(seed, i, rate) ? xs[i] * factor : 0;
        return tape.Record("dropout", x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int i = 0; i < yGrad.Length; i++)
                if (DropoutMask.Keeps(seed, i, rate)) xGrad[i] += yGrad[i] * factor;
        }, x);
    }

    public static Variable SiluMul(ReferenceTape tape, Variable gate, Variable up)
    {
        Require.Sizes("SiluMul", "up", up, gate.Shape);
        double[] gates = tape.ValuesOf(gate), ups = tape.ValuesOf(up), y = new double[gates.Length];
        for (int i = 0; i < y.Length; i++) y[i] = Value(Activation.Silu, gates[i]) * ups[i];
        return tape.Record("silu", gate.Shape, y, yGrad =>
        {
            double[] gateGrad = tape.GradientOf(gate), upGrad = tape.GradientOf(up);
            for (int i = 0; i < yGrad.Length; i++)
            {
                gateGrad[i] += yGrad[i] * ups[i] * Slope(Activation.Silu, gates[i]);
                upGrad[i] += yGrad[i] * Value(Activation.Silu, gates[i]);
            }
        }, gate, up);
    }

    public static Variable Activate(ReferenceTape tape, Variable x, Activation activation)
    {
        double[] xs = tape.ValuesOf(x), y = new double[xs.Length];
        for (int i = 0; i < y.Length; i++) y[i] = Value(activation, xs[i]);
        return tape.Record(activation.ToString(), x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int i = 0; i < yGrad.Length; i++) xGrad[i] += yGrad[i] * Slope(activation, xs[i]);
        }, x);
    }

    private static double Value(Activation activation, double x) => activation switch
    {
        Activation.Relu => Math.Max(x, 0),
        Activation.GeluErf => x * Normal(x),
        Activation.GeluTanh => x / 2 * (1 + PortableMath.Tanh(GeluInner(x))),
        Activation.Silu => x * Sigmoid(x),
        Activation.Sigmoid => Sigmoid(x),
        Activation.Tanh => PortableMath.Tanh(x),
        Activation.LogSigmoid => Math.Min(x, 0) - PortableMath.Log(1 + PortableMath.Exp(-Math.Abs(x))),
        Activation.Exp => PortableMath.Exp(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Activate: expected a member of Activation."),
    };

    private static double Slope(Activation activation, double x)
    {
        switch (activation)
        {
            case Activation.Relu: return x > 0 ? 1 : 0;
            case Activation.GeluErf: return Normal(x) + x * PortableMath.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
            case Activation.GeluTanh:
                double tanh = PortableMath.Tanh(GeluInner(x));
                return (1 + tanh) / 2 + x / 2 * (1 - tanh * tanh) * Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
            case Activation.Silu: return Sigmoid(x) * (1 + x * (1 - Sigmoid(x)));
            case Activation.Sigmoid: return Sigmoid(x) * (1 - Sigmoid(x));
            case Activation.Tanh: return 1 - PortableMath.Tanh(x) * PortableMath.Tanh(x);
            case Activation.LogSigmoid: return Sigmoid(-x);
            default: return PortableMath.Exp(x);
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + PortableMath.Exp(-x));

    private static double Normal(double x) => (1 + PortableMath.Erf(x / Math.Sqrt(2))) / 2;

    private static double GeluInner(double x) => Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
}
