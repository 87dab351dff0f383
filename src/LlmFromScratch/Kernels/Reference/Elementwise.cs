using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Reference;

/// <summary>Operations that treat every number by itself: one value at a time, in double.</summary>
internal static class Elementwise
{
    /// <summary><c>output_i = function(x_i)</c>; output may be x.</summary>
    public static void Map(string op, Tensor x, Tensor output, Func<double, double> function) => Combine(op, x, x, output, (value, _) => function(value));

    /// <summary><c>output_i = function(a_i, b_i)</c>, all of one shape; output may be a or b.</summary>
    public static void Combine(string op, Tensor a, Tensor b, Tensor output, Func<double, double, double> function)
    {
        Ops.CheckSameShape(op, a, b, output);
        for (int i = 0; i < output.Floats.Length; i++) output.Floats[i] = (float)function(a.Floats[i], b.Floats[i]);
    }

    /// <summary>GELU in GPT-2's approximation: <c>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))</c> (Hendrycks and Gimpel 2016, section 2).</summary>
    public static double Gelu(double x) => x / 2 * (1 + PortableMath.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
}
