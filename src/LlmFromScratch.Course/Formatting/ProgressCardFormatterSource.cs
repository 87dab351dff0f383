using System.Net;

namespace LlmFromScratch.Course.Formatting;

/// <summary>Makes the formatters of <see cref="ProgressCard"/>; a notebook host creates it by reflection.</summary>
internal sealed class ProgressCardFormatterSource
{
    /// <summary>One formatter for each form of a card.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ValueFormatter<ProgressCard>("text/html", Html),
        new ValueFormatter<ProgressCard>("text/plain", card => card.ToString()),
    ];

    private static string Html(ProgressCard card)
    {
        string lines = string.Concat(card.Lines.Select(line =>
            $"<div style=\"opacity:{(line.IsPassed ? "1" : ".7")}\"><strong>{ProgressCard.Mark(line)} {line.Id}</strong>&ensp;{WebUtility.HtmlEncode(line.Title)}</div>"));
        string note = card.Note is null ? "" : $"<div style=\"opacity:.7\">{WebUtility.HtmlEncode(card.Note)}</div>";
        return $"<div role=\"group\" aria-label=\"Progress: {card.PassedCount} of {card.Lines.Count} exercises passed\" style=\"border-left:4px solid #009E73;padding:.3em .9em;max-width:52em;line-height:1.45\">"
            + $"{lines}<div style=\"margin-top:.35em\"><progress max=\"{card.Lines.Count}\" value=\"{card.PassedCount}\"></progress> {card.PassedCount} of {card.Lines.Count} passed</div>{note}</div>";
    }
}
