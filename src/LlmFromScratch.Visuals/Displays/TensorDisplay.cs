using System.Globalization;
using LlmFromScratch.Tensors;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Displays;

/// <summary>
/// A tensor as the value of a cell: shape and type, a heat strip, and min, mean, max and standard deviation; never a wall of numbers. Chapter 06 shows the first.
/// </summary>
internal static class TensorDisplay
{
    private const int MostWritten = 16, MostRows = 8, FirstShown = 6;

    /// <summary>The tensor as an HTML fragment in the colours of the page.</summary>
    public static string Html(Tensor tensor)
    {
        string title = $"{tensor.Shape.Count.ToString("N0", CultureInfo.InvariantCulture)} values, {Sizes.Bytes(tensor.ByteLength)}";
        string head = $"<div><strong>Tensor {tensor.Shape}</strong>&ensp;{tensor.DType}&ensp;<span style=\"opacity:.75\">{title}</span></div>";
        string body;
        if (Read(tensor) is { } numbers)
        {
            (string svg, string? legend) = HeatStrip.Draw(numbers.Values, numbers.Rows, numbers.Columns, Text(tensor));
            string[] notes = [.. legend is null ? (string[])[] : [legend], .. Remarks(tensor, numbers)];
            body = $"<div style=\"margin:.3em 0\">{svg}</div><div>{Markup.Escape(StatisticsOf(numbers))}</div>"
                + (notes.Length == 0 ? "" : $"<div style=\"opacity:.75\">{Markup.Escape(string.Join("; ", notes))}</div>");
        }
        else
        {
            body = $"<div style=\"opacity:.75\">{Markup.Escape(WhyNot(tensor))}</div>";
        }
        return $"<div role=\"group\" aria-label=\"{Markup.Escape(tensor.ToString())}\" style=\"line-height:1.5;margin:.3em 0\">{head}{body}</div>";
    }

    /// <summary>The tensor as text: the numbers of a small one, the first few of a large one, and the statistics.</summary>
    public static string Text(Tensor tensor)
    {
        if (Read(tensor) is not { } numbers) return $"{tensor}: {WhyNot(tensor)}";
        bool isSmall = numbers.Values.Length <= MostWritten && numbers.Rows <= MostRows;
        IEnumerable<string> rows = isSmall
            ? numbers.Values.Chunk(numbers.Columns).Select(row => $"  [{Join(row)}]")
            : [$"  [{Join(numbers.Values.Take(FirstShown))}, …]"];
        return string.Join('\n', [tensor.ToString(), .. rows, "  " + StatisticsOf(numbers), .. Remarks(tensor, numbers).Select(remark => "  " + remark)]);
    }

    private static TensorNumbers? Read(Tensor tensor)
    {
        try
        {
            return TensorNumbers.Read(tensor);
        }
        catch (ObjectDisposedException) // the file or the model that it belongs to
        {
            return null;
        }
    }

    private static string WhyNot(Tensor tensor) => tensor.Shape.Count == 0 ? "no values"
        : tensor.Storage is HostStorage ? "its numbers cannot be read here: the file or the model that they belong to is closed, or there are too many rows"
        : $"its numbers lie in {tensor.Storage.GetType().Name}; the backend's Download brings them";

    private static string StatisticsOf(TensorNumbers numbers) => numbers.Statistics() is not { } s ? "no finite number"
        : $"min {Numbers.Short(s.Min)}, mean {Numbers.Short(s.Mean)}, max {Numbers.Short(s.Max)}, std {Numbers.Short(s.Std)}";

    private static IEnumerable<string> Remarks(Tensor tensor, TensorNumbers numbers)
    {
        if (numbers.NotFinite > 0) yield return $"{numbers.NotFinite} of them NaN or infinite, left out of the statistics";
        if (numbers.Rows < tensor.Shape.RowCount) yield return string.Create(CultureInfo.InvariantCulture, $"read: {numbers.Rows:N0} of {tensor.Shape.RowCount:N0} rows");
    }

    private static string Join(IEnumerable<float> values) => string.Join(", ", values.Select(value => HeatStrip.Written(value)));
}
