namespace LlmFromScratch.Course.Checking;

/// <summary>How far a number may be from the expected one: <c>|got - expected| ≤ Absolute + Relative · |expected|</c>.</summary>
/// <param name="Absolute">For values near zero.</param>
/// <param name="Relative">For all others.</param>
internal readonly record struct Tolerance(double Absolute, double Relative)
{
    /// <summary>For float results of a few hundred operations, whatever their order and whether they were summed in float or double.</summary>
    public static readonly Tolerance Float = new(1e-6, 1e-4);

    /// <summary>Whether <paramref name="got"/> counts as <paramref name="expected"/>. Infinities equal themselves, and so does NaN: two wrong answers may agree.</summary>
    public bool Accepts(double expected, double got) =>
        expected.Equals(got) || expected == got || Math.Abs(got - expected) <= Absolute + Relative * Math.Abs(expected) && double.IsFinite(expected);
}
