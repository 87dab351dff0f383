using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>The numbers of one figure. Each kind writes itself twice: as Plotly traces and as SVG shapes of the same values.</summary>
internal abstract class Plot
{
    /// <summary>The kind in words, for messages and summaries.</summary>
    public abstract string Kind { get; }

    /// <summary>One line that says what is shown: how many values, and their range.</summary>
    public abstract string Summary { get; }

    /// <summary>The names that a legend needs; empty when the figure needs none.</summary>
    public abstract IReadOnlyList<string> LegendNames { get; }

    /// <summary>Whether the plot has three axes, which Plotly keeps in a scene of its own.</summary>
    public virtual bool IsScene => false;

    /// <summary>Whether the plot has axes at all.</summary>
    public virtual bool HasAxes => true;

    /// <summary>The smallest and largest value along an axis of numbers; null where the axis holds labels or there is none.</summary>
    public virtual (double Min, double Max)? Extent(bool horizontal) => null;

    /// <summary>Writes the array of traces, <c>"data"</c> in Plotly.</summary>
    public abstract void WriteTraces(Utf8JsonWriter json);

    /// <summary>Writes what this kind adds to Plotly's <c>xaxis</c> and <c>yaxis</c> objects.</summary>
    public abstract void WriteAxis(Utf8JsonWriter json, bool horizontal);

    /// <summary>Writes what this kind adds to Plotly's <c>layout</c>; nothing as a rule.</summary>
    public virtual void WriteLayout(Utf8JsonWriter json)
    {
    }

    /// <summary>Writes Plotly's <c>frames</c>, where there are several.</summary>
    public virtual void WriteFrames(Utf8JsonWriter json)
    {
    }

    /// <summary>Draws axes and values below <paramref name="top"/>, the first free pixel under title and legend.</summary>
    public abstract void Draw(SvgCanvas canvas, FigureOptions options, double top);

    /// <summary>The smallest and largest finite value, or (0, 1) when there is none.</summary>
    protected static (double Min, double Max) Range(IEnumerable<double> values)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) continue;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }
        return min <= max ? (min, max) : (0, 1);
    }

    /// <summary>Writes numbers as JSON; what JSON cannot hold (NaN, infinity) becomes null, which Plotly draws as a gap.</summary>
    protected static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values) WriteNumber(json, value);
        json.WriteEndArray();
    }

    /// <summary>Writes one number, or null for NaN and infinity.</summary>
    protected static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    /// <summary>
    /// Writes an axis of labels as positions 0, 1, 2 ... with tick texts: a Plotly category axis would join equal labels into one, and the
    /// same token may well occur twice.
    /// </summary>
    protected static void WriteLabels(Utf8JsonWriter json, IReadOnlyList<string> labels)
    {
        json.WriteString("tickmode", "array");
        WriteNumbers(json, "tickvals", Enumerable.Range(0, labels.Count).Select(i => (double)i));
        json.WriteStartArray("ticktext");
        foreach (string label in labels) json.WriteStringValue(PlotlyWriter.PlotlyText(label));
        json.WriteEndArray();
    }
}
