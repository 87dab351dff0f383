namespace LlmFromScratch.Course.Formatting;

/// <summary>Makes the formatters of <see cref="CheckResult"/>; a notebook host creates it by reflection.</summary>
internal sealed class CheckResultFormatterSource
{
    /// <summary>One formatter for each form of a result.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ValueFormatter<CheckResult>("text/html", CheckResultHtml.Render),
        new ValueFormatter<CheckResult>("text/plain", result => result.ToString()),
    ];
}
