namespace LlmFromScratch.Visuals.Plots;

/// <summary>Points of one colour: positions along two or three axes, and a text for each where there is one.</summary>
internal sealed class PointSeries
{
    private PointSeries(string name, double[][] axes, string[]? labels) => (Name, Axes, Labels) = (name, axes, labels);

    public string Name { get; }
    public double[][] Axes { get; } // [2 or 3][N]
    public string[]? Labels { get; } // [N]
    public int Count => Axes[0].Length;

    public static PointSeries Create(string kind, string name, string[]? labels, params double[][] axes)
    {
        int count = axes[0].Length;
        if (count == 0 || axes.Any(axis => axis.Length != count) || (labels is not null && labels.Length != count))
        {
            throw new ArgumentException($"{kind} \"{name}\": the axes have {string.Join(", ", axes.Select(axis => axis.Length))} values"
                + (labels is null ? "" : $" and there are {labels.Length} labels") + "; expected the same number, at least 1.", nameof(axes));
        }
        return new PointSeries(name, axes, labels);
    }

    /// <summary>Whether point <paramref name="i"/> has a finite number on every axis.</summary>
    public bool Shows(int i) => Axes.All(axis => double.IsFinite(axis[i]));

    /// <summary>Name, label and exact numbers of a point.</summary>
    public string Describe(int i)
    {
        string who = Labels is null ? Name : Name.Length == 0 ? Labels[i] : $"{Labels[i]} ({Name})";
        return $"{who}: {string.Join(", ", Axes.Select(axis => Rendering.Numbers.Exact(axis[i])))}";
    }
}
