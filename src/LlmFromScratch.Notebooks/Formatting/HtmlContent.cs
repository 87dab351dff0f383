namespace LlmFromScratch.Notebooks.Formatting;

/// <summary>A fragment of HTML that a cell shows as it is.</summary>
/// <param name="Html">The fragment, without <c>&lt;html&gt;</c> and <c>&lt;body&gt;</c>.</param>
public sealed record HtmlContent(string Html)
{
    /// <summary>The fragment itself.</summary>
    public override string ToString() => Html;
}
