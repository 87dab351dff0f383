using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// A ball that gradient descent moves over a curve <c>f(x) = Σ c_i x^i</c>: <c>v = μ v + f'(x)</c>, then <c>x = x - η v</c> (Polyak 1964 with heavy
/// ball μ; μ = 0 is plain descent). Dials for the rate η and the momentum μ; the ball can be dragged to its start. Chapter 02 teaches it.
/// </summary>
public sealed class GradientDescentWidget : Widget
{
    private readonly double[] _coefficients;
    private readonly double _low, _high, _start, _rate, _momentum;

    /// <summary>Shows a polynomial over an interval.</summary>
    /// <param name="coefficients">[N] <c>c_0, c_1, ...</c>, at least two, finite.</param>
    /// <param name="low">Left end of the picture.</param>
    /// <param name="high">Right end, above <paramref name="low"/>.</param>
    /// <param name="start">Where the ball stands first, inside the interval.</param>
    /// <param name="rate">η at first, 0.001 to 3.</param>
    /// <param name="momentum">μ at first, 0 to 0.99.</param>
    /// <exception cref="ArgumentException">A number is outside of its range.</exception>
    public GradientDescentWidget(double[] coefficients, double low, double high, double start, double rate = 0.1, double momentum = 0)
    {
        if (coefficients.Length < 2 || !coefficients.All(double.IsFinite)) throw new ArgumentException(
            $"GradientDescentWidget: expected at least 2 finite coefficients, got {string.Join(", ", coefficients.Select(Numbers.Exact))}.", nameof(coefficients));
        if (!(low < high && start >= low && start <= high)) throw new ArgumentException(
            $"GradientDescentWidget: expected low < high and the start between them, got {Numbers.Exact(low)}, {Numbers.Exact(high)} and {Numbers.Exact(start)}.", nameof(start));
        if (!(rate is >= 0.001 and <= 3 && momentum is >= 0 and <= 0.99)) throw new ArgumentException(
            $"GradientDescentWidget: expected a rate of 0.001 to 3 and a momentum of 0 to 0.99, got {Numbers.Exact(rate)} and {Numbers.Exact(momentum)}.", nameof(rate));
        (_coefficients, _low, _high, _start, _rate, _momentum) = ([.. coefficients], low, high, start, rate, momentum);
    }

    private protected override string Name => "descent";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "draw.js", "descent.js", "gradient-descent-widget.js"];

    /// <summary>The places after 0 to <paramref name="steps"/> steps, as the widget walks them; it ends early beyond ±1e6.</summary>
    public double[] Walk(int steps)
    {
        List<double> places = [_start];
        double velocity = 0;
        for (int step = 0; step < steps && Math.Abs(places[step]) < 1e6; step++)
        {
            velocity = _momentum * velocity + Slope(places[step]);
            places.Add(places[step] - _rate * velocity);
        }
        return [.. places];
    }

    /// <summary>The still picture: the curve and the first twenty steps at the first rate.</summary>
    public override string ToSvg()
    {
        double[] x = [.. Enumerable.Range(0, 101).Select(i => _low + i / 100.0 * (_high - _low))];
        double[] path = [.. Walk(20).Where(place => place >= _low && place <= _high)];
        return Figure.Line("loss", x, Array.ConvertAll(x, Height)).AddLine($"descent, rate {Numbers.Short(_rate)}", path, Array.ConvertAll(path, Height))
            .WithTitle("Gradient descent").WithAxes("x", "loss").ToSvg();
    }

    /// <inheritdoc/>
    public override string ToString() => $"Gradient descent over [{Numbers.Short(_low)}, {Numbers.Short(_high)}] from {Numbers.Short(_start)} at rate {Numbers.Short(_rate)}";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        json.WriteStartArray("coefficients");
        foreach (double coefficient in _coefficients) json.WriteNumberValue(coefficient);
        json.WriteEndArray();
        json.WriteNumber("low", _low);
        json.WriteNumber("high", _high);
        json.WriteNumber("start", _start);
        json.WriteNumber("rate", _rate);
        json.WriteNumber("momentum", _momentum);
    }

    private double Height(double x)
    {
        double y = 0;
        for (int i = _coefficients.Length - 1; i >= 0; i--) y = y * x + _coefficients[i];
        return y;
    }

    private double Slope(double x)
    {
        double y = 0;
        for (int i = _coefficients.Length - 1; i >= 1; i--) y = y * x + i * _coefficients[i];
        return y;
    }
}
