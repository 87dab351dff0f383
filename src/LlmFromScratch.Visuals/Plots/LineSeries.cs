namespace LlmFromScratch.Visuals.Plots;

/// <summary>One line of a figure: points (X[i], Y[i]).</summary>
internal sealed class LineSeries
{
    private LineSeries(string name, double[] x, double[] y) => (Name, X, Y) = (name, x, y);

    public string Name { get; }
    public double[] X { get; } // [N]
    public double[] Y { get; } // [N]

    public static LineSeries Create(string name, double[] x, double[] y)
    {
        if (x.Length != y.Length || x.Length == 0)
        {
            throw new ArgumentException(
                $"Line \"{name}\": x has {x.Length} values and y has {y.Length}; expected the same number, at least 1.", nameof(y));
        }
        return new LineSeries(name, x, y);
    }
}
