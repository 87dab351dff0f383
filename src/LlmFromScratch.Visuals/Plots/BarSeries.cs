namespace LlmFromScratch.Visuals.Plots;

/// <summary>One group of bars of a figure: one value for each label.</summary>
internal sealed class BarSeries
{
    private BarSeries(string name, double[] values) => (Name, Values) = (name, values);

    public string Name { get; }
    public double[] Values { get; } // [N]

    public static BarSeries Create(string name, double[] values, int labelCount)
    {
        if (values.Length != labelCount || labelCount == 0)
        {
            throw new ArgumentException(
                $"Bars \"{name}\": there are {labelCount} labels and {values.Length} values; expected the same number, at least 1.", nameof(values));
        }
        return new BarSeries(name, values);
    }
}
