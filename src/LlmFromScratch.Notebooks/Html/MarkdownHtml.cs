using System.Net;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace LlmFromScratch.Notebooks.Html;

/// <summary>Markdown cells as HTML: tables, footnotes and the like by Markdig, formulas by <see cref="MathMl"/>.</summary>
internal static class MarkdownHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseMathematics().UsePipeTables().UseAutoIdentifiers().UseFootnotes().UseEmphasisExtras().UseTaskLists().UseAutoLinks().Build();

    /// <summary>The HTML of <paramref name="markdown"/>; links to notebooks lead to their pages.</summary>
    public static string ToHtml(string markdown)
    {
        MarkdownDocument document = Markdown.Parse(markdown, Pipeline);
        foreach (LinkInline link in document.Descendants<LinkInline>())
            link.Url = ToPage(link.Url);
        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new InlineFormula());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new BlockFormula());
        renderer.Render(document);
        return writer.ToString();
    }

    /// <summary>The text of the first heading of <paramref name="markdown"/>, null when it has none.</summary>
    public static string? FirstHeading(string markdown) =>
        markdown.Split('\n').FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim();

    private static string? ToPage(string? url) =>
        url is null || url.Contains("://", StringComparison.Ordinal) ? url : url.Replace(".ipynb", ".html", StringComparison.Ordinal);

    // What MathMl does not know is shown as LaTeX, which is readable to those who write it.
    private static string Formula(string latex, bool isBlock) =>
        MathMl.TryConvert(latex, isBlock) ?? $"<code class=\"latex\">{WebUtility.HtmlEncode(latex.Trim())}</code>";

    private sealed class InlineFormula : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline formula) =>
            renderer.Write(Formula(formula.Content.ToString(), isBlock: formula.DelimiterCount > 1));
    }

    private sealed class BlockFormula : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock formula) =>
            renderer.WriteLine($"<div class=\"formula\">{Formula(formula.Lines.ToString(), isBlock: true)}</div>");
    }
}
