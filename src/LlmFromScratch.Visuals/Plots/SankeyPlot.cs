using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>Flows between named places, each as wide as its amount: what a data pipeline drops, where the parameters of a model are.</summary>
internal sealed class SankeyPlot : Plot
{
    private readonly string[] _names; // [nodes]
    private readonly (int From, int To, double Amount)[] _flows;
    private readonly int[] _column; // [nodes] the longest way from a source
    private readonly double[] _through; // [nodes] the larger of what comes in and what goes out

    private SankeyPlot(string[] names, (int From, int To, double Amount)[] flows, int[] column)
    {
        (_names, _flows, _column) = (names, flows, column);
        _through = [.. Enumerable.Range(0, names.Length).Select(node =>
            Math.Max(flows.Where(flow => flow.To == node).Sum(flow => flow.Amount), flows.Where(flow => flow.From == node).Sum(flow => flow.Amount)))];
    }

    public override string Kind => "flows";

    public override string Summary => $"flow diagram of {string.Join(", ", _flows.Select(flow => $"{_names[flow.From]} to {_names[flow.To]} {Numbers.Exact(flow.Amount)}"))}";

    public override IReadOnlyList<string> LegendNames => [];

    public override bool HasAxes => false;

    public static SankeyPlot Create(IReadOnlyList<(string From, string To, double Amount)> flows)
    {
        if (flows.Count == 0) throw new ArgumentException("Sankey: expected at least one flow, got none.", nameof(flows));
        foreach ((string from, string to, double amount) in flows)
            if (!(double.IsFinite(amount) && amount > 0)) throw new ArgumentException($"Sankey: the flow from {from} to {to} is {Numbers.Exact(amount)}; expected above 0.", nameof(flows));
        string[] names = [.. flows.SelectMany(flow => new[] { flow.From, flow.To }).Distinct()];
        (int From, int To, double Amount)[] indexed = [.. flows.Select(flow => (Array.IndexOf(names, flow.From), Array.IndexOf(names, flow.To), flow.Amount))];
        int[] column = new int[names.Length];
        for (int round = 0; round <= names.Length; round++) // longest ways, as in Bellman and Ford; a way longer than all nodes is a circle
        {
            bool changed = false;
            foreach ((int from, int to, _) in indexed)
            {
                if (column[to] > column[from]) continue;
                column[to] = column[from] + 1;
                changed = true;
            }
            if (!changed) return new SankeyPlot(names, indexed, column);
        }
        throw new ArgumentException("Sankey: the flows go in a circle; expected every flow to lead onward.", nameof(flows));
    }

    public override void WriteTraces(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "sankey");
        json.WriteStartObject("node");
        json.WriteStartArray("label");
        foreach (string name in _names) json.WriteStringValue(PlotlyWriter.PlotlyText(name));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("link");
        WriteNumbers(json, "source", _flows.Select(flow => (double)flow.From));
        WriteNumbers(json, "target", _flows.Select(flow => (double)flow.To));
        WriteNumbers(json, "value", _flows.Select(flow => flow.Amount));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal)
    {
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        const double nodeWidth = 12, gap = 14, margin = 16, labelRoom = 150;
        int columns = _column.Max() + 1;
        double height = options.Height - top - margin;
        double scale = Enumerable.Range(0, columns).Min(column => // pixels for one unit, so that the fullest column fits
            (height - gap * (_column.Count(c => c == column) - 1)) / Enumerable.Range(0, _names.Length).Where(node => _column[node] == column).Sum(node => _through[node]));
        double step = columns > 1 ? (options.Width - 2 * margin - labelRoom - nodeWidth) / (columns - 1) : 0;
        double[] nodeTop = new double[_names.Length], used = new double[columns];
        for (int node = 0; node < _names.Length; node++)
        {
            nodeTop[node] = top + used[_column[node]];
            used[_column[node]] += _through[node] * scale + gap;
        }
        double[] left = [.. _column.Select(column => margin + column * step)], outAt = [.. nodeTop], inAt = [.. nodeTop];
        for (int i = 0; i < _flows.Length; i++)
        {
            (int from, int to, double amount) = _flows[i];
            double width = amount * scale;
            canvas.Band(left[from] + nodeWidth, outAt[from], left[to], inAt[to], width, SvgPaint.Fill(from), $"{_names[from]} to {_names[to]}: {Numbers.Exact(amount)}");
            (outAt[from], inAt[to]) = (outAt[from] + width, inAt[to] + width);
        }
        for (int node = 0; node < _names.Length; node++)
        {
            canvas.Rect(left[node], nodeTop[node], nodeWidth, Math.Max(1, _through[node] * scale), SvgPaint.Fill(node), hover: $"{_names[node]}: {Numbers.Exact(_through[node])}");
            canvas.Text(left[node] + nodeWidth + 5, nodeTop[node] + _through[node] * scale / 2 + 4, $"{_names[node]} {Numbers.Short(_through[node])}", SvgPaint.Ink, size: 11);
        }
    }
}
