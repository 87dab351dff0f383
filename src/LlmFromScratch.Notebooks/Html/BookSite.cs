using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Html;

/// <summary>
/// The course as a static site: one page a notebook and an <c>index.html</c>, so that they work from
/// <c>file://</c>. HTML and JavaScript that cells display stay alive.
/// </summary>
internal sealed class BookSite
{
    private readonly string _folder;
    private readonly IReadOnlyList<NotebookFile> _notebooks;
    private readonly SiteScripts _scripts;
    private readonly OutputHtml _outputs;

    /// <summary>A site in <paramref name="folder"/>, which is made where it is missing, of <paramref name="notebooks"/> in reading order.</summary>
    /// <param name="folder">Where the pages go.</param>
    /// <param name="notebooks">At least one; the scripts that make figures live are looked for beside the first.</param>
    /// <param name="log">Hears what is missing.</param>
    public BookSite(string folder, IReadOnlyList<NotebookFile> notebooks, TextWriter log)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _notebooks = notebooks;
        _scripts = SiteScripts.Copy(notebooks[0].Folder, _folder, log);
        _outputs = new OutputHtml(_scripts.HasPlotly);
    }

    /// <summary>Writes the page of the notebook at <paramref name="index"/>, with the sources and outputs that its run had.</summary>
    public void WritePage(int index, Func<NotebookCell, string> sourceOf, IReadOnlyDictionary<NotebookCell, JsonArray> outputs)
    {
        NotebookFile notebook = _notebooks[index];
        var body = new StringBuilder();
        foreach (NotebookCell cell in notebook.Cells)
        {
            if (cell.Kind == "markdown")
                body.Append("<section class=\"prose\">\n").Append(MarkdownHtml.ToHtml(cell.Source)).Append("</section>\n");
            else if (cell.IsCode)
                body.Append(CodeCell(cell, sourceOf(cell), outputs[cell]));
        }
        body.Append("<nav>").Append(Link(index - 1, "← ")).Append("<a href=\"index.html\">Contents</a>").Append(Link(index + 1, "→ ")).Append("</nav>\n");
        File.WriteAllText(Path.Combine(_folder, PageOf(notebook)), Page(TitleOf(notebook), body.ToString()));
    }

    /// <summary>Writes <c>index.html</c> with a link to each page.</summary>
    public void WriteIndex()
    {
        var body = new StringBuilder("<h1>LlmFromScratch</h1>\n<ol class=\"contents\">\n");
        foreach (NotebookFile notebook in _notebooks)
            body.Append($"<li><a href=\"{PageOf(notebook)}\">{WebUtility.HtmlEncode(TitleOf(notebook))}</a></li>\n");
        File.WriteAllText(Path.Combine(_folder, "index.html"), Page("LlmFromScratch", body.Append("</ol>\n").ToString()));
    }

    private string CodeCell(NotebookCell cell, string source, JsonArray outputs)
    {
        string id = $"<section class=\"cell\" id=\"cell-{WebUtility.HtmlEncode(cell.Id)}\">\n";
        // A cell of markup shows what it makes; the markup itself would only stand in the way.
        bool isMarkup = cell.Language is "html" or "markdown" or "mermaid" || source.Split('\n')[0].Trim() is "#!html" or "#!markdown" or "#!mermaid";
        string code = isMarkup ? "" : $"<pre class=\"code\"><code>{CSharpColouring.ToHtml(source.TrimEnd('\n'))}</code></pre>\n";
        return $"{id}{code}{_outputs.ToHtml(outputs)}</section>\n";
    }

    private string Link(int index, string arrow) => index < 0 || index >= _notebooks.Count
        ? "<span></span>"
        : $"<a href=\"{PageOf(_notebooks[index])}\">{arrow}{WebUtility.HtmlEncode(TitleOf(_notebooks[index]))}</a>";

    private static string PageOf(NotebookFile notebook) => Path.ChangeExtension(notebook.Name, ".html");

    private static string TitleOf(NotebookFile notebook) =>
        notebook.Cells.Where(cell => cell.Kind == "markdown").Select(cell => MarkdownHtml.FirstHeading(cell.Source)).FirstOrDefault(title => title is not null)
        ?? Path.GetFileNameWithoutExtension(notebook.Name);

    private string Page(string title, string body) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>
        {Resource("book.css")}</style>
        </head>
        <body>
        <main>
        {body}</main>
        {_scripts.ElementsFor(body)}        </body>
        </html>

        """;

    /// <summary>An embedded text: the style sheet or the script of the pages.</summary>
    internal static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from LlmFromScratch.Notebooks.dll; the project file embeds it.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
