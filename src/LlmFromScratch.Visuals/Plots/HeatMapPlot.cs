using System.Globalization;
using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>A grid of cells. One hue from the smallest to the largest value; when there are values below zero, one hue for each sign.</summary>
internal sealed class HeatMapPlot : Plot
{
    private readonly double[] _values; // [rows, columns]
    private readonly string[] _rows, _columns;
    private readonly double _low, _high;

    private HeatMapPlot(double[] values, string[] rows, string[] columns)
    {
        (_values, _rows, _columns) = (values, rows, columns);
        (_low, _high) = Range(values);
        if (_low < 0 && _high >= 0)
        {
            _high = Math.Max(-_low, _high); // two hues: zero stays in the middle
            _low = -_high;
        }
    }

    public override string Kind => "a heat map";

    public override string Summary
    {
        get
        {
            (double min, double max) = Range(_values);
            return $"heat map, {_rows.Length} rows by {_columns.Length} columns, values from {Numbers.Exact(min)} to {Numbers.Exact(max)}";
        }
    }

    public override IReadOnlyList<string> LegendNames => [];

    private bool TwoHues => _low < 0 && _high > 0;

    public static HeatMapPlot Create(double[] values, string[] rows, string[] columns)
    {
        if (values.Length != rows.Length * columns.Length || values.Length == 0)
        {
            throw new ArgumentException(
                $"HeatMap: {rows.Length} row labels and {columns.Length} column labels need {rows.Length * columns.Length} values, at least 1; got {values.Length}. "
                + "Values are row-major: one row after the other.", nameof(values));
        }
        return new HeatMapPlot(values, [.. rows], [.. columns]);
    }

    /// <summary>A height that gives each row room for its number.</summary>
    public static int HeightFor(int rows) => Math.Clamp(rows * 30 + 96, 200, 720);

    public override void WriteTraces(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "heatmap");
        json.WriteStartArray("z");
        for (int row = 0; row < _rows.Length; row++)
        {
            json.WriteStartArray();
            for (int column = 0; column < _columns.Length; column++) WriteNumber(json, _values[row * _columns.Length + column]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteNumber("zmin", _low);
        json.WriteNumber("zmax", _high);
        json.WriteStartArray("colorscale");
        WriteStop(json, 0, TwoHues ? Palette.Cold : Palette.Paper);
        if (TwoHues) WriteStop(json, 0.5, Palette.Paper);
        WriteStop(json, 1, Palette.Heat);
        json.WriteEndArray();
        json.WriteString("texttemplate", "%{z:.3~g}");
        json.WriteString("hovertemplate", "%{y}, %{x}: %{z}<extra></extra>");
        json.WriteNumber("xgap", 1);
        json.WriteNumber("ygap", 1);
        json.WriteEndObject();
    }

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal)
    {
        json.WriteBoolean("showgrid", false);
        if (!horizontal) json.WriteString("autorange", "reversed"); // row 0 on top
        WriteLabels(json, horizontal ? _columns : _rows);
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        SvgFrame frame = SvgFrame.Create(canvas, options, top, _rows, SvgFrame.LabelsBelowHeight(_columns, canvas.Width - 160), rightRoom: 84);
        double width = frame.Width / _columns.Length, height = frame.Height / _rows.Length;
        double gap = Math.Min(width, height) >= 12 ? 1 : 0;
        for (int i = 0; i < _values.Length; i++)
        {
            if (!double.IsFinite(_values[i])) continue;
            (int row, int column) = (i / _columns.Length, i % _columns.Length);
            canvas.Rect(frame.Left + column * width, frame.Top + row * height, width - gap, height - gap,
                _values[i] < 0 && TwoHues ? SvgPaint.Cold : SvgPaint.Heat, Math.Min(2, width / 8), Math.Max(Strength(_values[i]), 0.04), // 0.04: an empty cell is still a cell
                $"{_rows[row]}, {_columns[column]}: {Numbers.Exact(_values[i])}");
        }
        string[] texts = height < 16 ? [] : CellTexts(width - gap);
        for (int i = 0; i < texts.Length; i++)
        {
            double x = frame.Left + (i % _columns.Length + 0.5) * width, y = frame.Top + (i / _columns.Length + 0.5) * height;
            canvas.Text(x, y + 4, texts[i], Strength(_values[i]) > 0.7 ? SvgPaint.White : SvgPaint.Ink, 11, "middle"); // 0.7: from here on white reads better
        }
        for (int row = 0; row < _rows.Length && height >= 11; row++)
        {
            canvas.Text(frame.Left - 8, frame.Top + (row + 0.5) * height + 4, _rows[row], SvgPaint.Muted, 12, "end");
        }
        frame.DrawLabelsBelow(_columns);
        DrawScale(canvas, frame);
    }

    /// <summary>
    /// The numbers in the cells: as many digits as fit into every cell alike, and none at all rather than in some cells only. The exact
    /// values are in the hover text.
    /// </summary>
    private string[] CellTexts(double width)
    {
        string[] formats = Math.Max(Math.Abs(_low), Math.Abs(_high)) >= 0.1 ? ["", "0.000", "0.00"] : [""]; // below 0.1 two decimals would say nothing
        foreach (string format in formats)
        {
            string[] texts = Array.ConvertAll(_values, value =>
                !double.IsFinite(value) ? "" : value == 0 ? "0" : format.Length == 0 ? Numbers.Short(value) : value.ToString(format, CultureInfo.InvariantCulture));
            if (texts.All(text => SvgCanvas.TextWidth(text, 11) + 6 <= width)) return texts;
        }
        return [];
    }

    /// <summary>The strip on the right that says which strength means which value.</summary>
    private void DrawScale(SvgCanvas canvas, SvgFrame frame)
    {
        const int steps = 24;
        double x = frame.Right + 16, step = Math.Min(frame.Height, 160) / steps;
        for (int i = 0; i < steps; i++)
        {
            double value = _high - (i + 0.5) / steps * (_high - _low);
            canvas.Rect(x, frame.Top + i * step, 10, step + 0.2, value < 0 && TwoHues ? SvgPaint.Cold : SvgPaint.Heat, opacity: Strength(value));
        }
        canvas.Text(x + 16, frame.Top + 10, Numbers.Short(_high), SvgPaint.Muted, 11);
        canvas.Text(x + 16, frame.Top + steps * step, Numbers.Short(_low), SvgPaint.Muted, 11);
    }

    private static void WriteStop(Utf8JsonWriter json, double position, string colour)
    {
        json.WriteStartArray();
        json.WriteNumberValue(position);
        json.WriteStringValue(colour);
        json.WriteEndArray();
    }

    /// <summary>How strong the colour of a value is, 0 to 1.</summary>
    private double Strength(double value) => TwoHues ? Math.Abs(value) / _high : _high > _low ? (value - _low) / (_high - _low) : 0.5;
}
