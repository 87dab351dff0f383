namespace LlmFromScratch.Notebooks.Html;

/// <summary>
/// Plotly.js and Mermaid for the pages: found in <c>site/node_modules</c> beside the notebooks (put there by npm, see its package.json) and copied
/// once into the site's folder, for all pages. Where they are missing, figures stand as SVG and diagrams as text.
/// </summary>
internal sealed class SiteScripts
{
    private const string Folder = "scripts"; // below the site's folder
    private const string Plotly = "plotly.min.js", Mermaid = "mermaid.min.js";

    private SiteScripts(bool hasPlotly, bool hasMermaid) => (HasPlotly, HasMermaid) = (hasPlotly, hasMermaid);

    /// <summary>Whether pages can show live Plotly figures.</summary>
    public bool HasPlotly { get; }

    /// <summary>Whether pages can draw Mermaid diagrams.</summary>
    public bool HasMermaid { get; }

    /// <summary>Copies what is there, and says in one line of <paramref name="log"/> what is not.</summary>
    public static SiteScripts Copy(string notebookFolder, string siteFolder, TextWriter log)
    {
        string modules = Path.Combine(notebookFolder, "site", "node_modules");
        SiteScripts scripts = new(
            CopyOne(Path.Combine(modules, "plotly.js-dist-min", Plotly), siteFolder),
            CopyOne(Path.Combine(modules, "mermaid", "dist", Mermaid), siteFolder));
        if (!scripts.HasPlotly || !scripts.HasMermaid) log.WriteLine(
            "figures are drawn as SVG and Mermaid diagrams stand as text: `npm install --prefix notebooks/site` brings what makes them live.");
        return scripts;
    }

    /// <summary>The script elements that a page with this <paramref name="body"/> needs.</summary>
    public string ElementsFor(string body)
    {
        bool isDrawn = body.Contains("class=\"plotly\"", StringComparison.Ordinal), isDiagram = HasMermaid && body.Contains("class=\"mermaid\"", StringComparison.Ordinal);
        if (!isDrawn && !isDiagram) return "";
        string libraries = (isDrawn ? Source(Plotly) : "") + (isDiagram ? Source(Mermaid) : "");
        return $"{libraries}<script>\n{BookSite.Resource("book.js")}</script>\n";
    }

    private static string Source(string file) => $"<script src=\"{Folder}/{file}\"></script>\n";

    private static bool CopyOne(string source, string siteFolder)
    {
        if (!File.Exists(source)) return false;
        string target = Path.Combine(Directory.CreateDirectory(Path.Combine(siteFolder, Folder)).FullName, Path.GetFileName(source));
        File.Copy(source, target, overwrite: true);
        return true;
    }
}
