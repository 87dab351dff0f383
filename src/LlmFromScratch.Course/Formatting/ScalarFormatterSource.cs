using System.Globalization;
using System.Net;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Course.Formatting;

/// <summary>Makes the formatters of <see cref="Value"/>, the scalar that remembers its gradient; a notebook host creates it by reflection.</summary>
internal sealed class ScalarFormatterSource
{
    /// <summary>One formatter for each form of a scalar.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
        [new ValueFormatter<Value>("text/html", Html), new ValueFormatter<Value>("text/plain", value => value.ToString())];

    // The number, then what it was computed from: one step of the graph, which may be of any depth.
    private static string Html(Value value)
    {
        string rows = Row(value, "strong") + string.Concat(value.Inputs.Select(input => Row(input, "span")));
        return $"<table aria-label=\"{WebUtility.HtmlEncode(value.ToString())}\" style=\"border-collapse:collapse\"><tr style=\"opacity:.75\"><td></td><td{Cell}>value</td><td{Cell}>gradient</td></tr>{rows}</table>";
    }

    private const string Cell = " style=\"text-align:right;padding:.1em .9em .1em 0\"";

    private static string Row(Value value, string element)
    {
        string label = value.Operation.Length > 0 ? value.Operation : value.Name.Length > 0 ? value.Name : "constant";
        return $"<tr><td style=\"text-align:left;padding:.1em .9em .1em 0\"><{element}>{WebUtility.HtmlEncode(label)}</{element}></td>"
            + $"<td{Cell}>{Number(value.Data)}</td><td{Cell}>{Number(value.Gradient)}</td></tr>";
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
