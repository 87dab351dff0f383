using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary><c>max(0, x)</c>; slope 1 above 0, else 0.</summary>
internal readonly struct ReluLanes : IActivationLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.One, Vector512<float>.Zero);
}

/// <summary><c>σ(x) = 1 / (1 + e^-x)</c>; slope <c>σ (1 - σ)</c>.</summary>
internal readonly struct SigmoidLanes : IActivationLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + SixteenLanes.Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> sigmoid = Value(x);
        return sigmoid * (Vector512<float>.One - sigmoid);
    }
}

/// <summary><c>tanh x</c>; slope <c>1 - tanh²</c>.</summary>
internal readonly struct TanhLanes : IActivationLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => SixteenLanes.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> tanh = SixteenLanes.Tanh(x);
        return Vector512<float>.One - tanh * tanh;
    }
}

/// <summary><c>x · σ(x)</c>; slope <c>σ · (1 + x · (1 - σ))</c>.</summary>
internal readonly struct SiluLanes : IActivationLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * SigmoidLanes.Value(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> one = Vector512<float>.One, sigmoid = SigmoidLanes.Value(x);
        return sigmoid * Vector512.FusedMultiplyAdd(x, one - sigmoid, one);
    }
}

/// <summary><c>e^x</c>, its own slope.</summary>
internal readonly struct ExpLanes : IActivationLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => SixteenLanes.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x) => SixteenLanes.Exp(x);
}

/// <summary>
/// <c>x/2 · (1 + tanh u)</c> with <c>u = √(2/π) · (x + 0.044715 x³)</c>; slope <c>(1 + tanh u)/2 + x/2 · (1 - tanh² u) · u'</c>.
/// </summary>
internal readonly struct GeluTanhLanes : IActivationLanes
{
    private const float RootTwoOverPi = 0.7978845608f, Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * 0.5f * (Vector512<float>.One + Tanh(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> one = Vector512<float>.One, tanh = Tanh(x);
        Vector512<float> inner = (one + x * x * (3 * Cubic)) * RootTwoOverPi;
        return (one + tanh) * 0.5f + x * 0.5f * (one - tanh * tanh) * inner;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tanh(Vector512<float> x) => SixteenLanes.Tanh((x + x * x * x * Cubic) * RootTwoOverPi);
}

/// <summary><c>x · Φ(x)</c>; slope <c>Φ(x) + x · φ(x)</c> with the normal density φ.</summary>
internal readonly struct GeluErfLanes : IActivationLanes
{
    private const float InverseRootTwo = 0.7071067812f, InverseRootTwoPi = 0.3989422804f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * Normal(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x) => Normal(x) + x * SixteenLanes.Exp(x * x * -0.5f) * InverseRootTwoPi;

    // Φ(x) = erfc(-x/√2) / 2
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Normal(Vector512<float> x) => SixteenLanes.Erfc(x * -InverseRootTwo) * 0.5f;
}
