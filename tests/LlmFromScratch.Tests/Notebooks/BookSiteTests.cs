using System.Text.RegularExpressions;
using LlmFromScratch.Notebooks;
using LlmFromScratch.Notebooks.Html;

namespace LlmFromScratch.Tests.Notebooks;

[Collection(NotebookCollection.Name)]
public sealed class BookSiteTests
{
    private static readonly string Visuals = $"#r \"{AppContext.BaseDirectory.Replace('\\', '/')}LlmFromScratch.Visuals.dll\"\n";

    [Theory]
    [InlineData(@"\frac{1}{d}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>d</mi></mrow></mfrac>")]
    [InlineData(@"x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData(@"\sum_{i}p", "<munder><mo>∑</mo><mrow><mi>i</mi></mrow></munder><mi>p</mi>")]
    [InlineData(@"0.25 < \mathbb{R}", "<mn>0.25</mn><mo>&lt;</mo><mi>ℝ</mi>")]
    [InlineData(@"\left(a\right)", "<mrow><mo>(</mo><mrow><mi>a</mi></mrow><mo>)</mo></mrow>")]
    public void MathMl_KnownLatex_IsConverted(string latex, string expected) =>
        Assert.Equal($"<math><mrow>{expected}</mrow></math>", MathMl.TryConvert(latex, isBlock: false));

    [Theory]
    [InlineData(@"\unknown")]
    [InlineData(@"\begin{pmatrix}1\end{pmatrix}")]
    [InlineData(@"{a")]
    [InlineData(@"a}")]
    [InlineData(@"x^")]
    [InlineData(@"\frac{1}")]
    [InlineData(@"\left(a")]
    public void MathMl_UnknownOrBrokenLatex_IsRefused(string latex) => Assert.Null(MathMl.TryConvert(latex, isBlock: false));

    [Fact]
    public void Markdown_UnknownFormula_ShowsItsLatex() =>
        Assert.Equal("<p>a <code class=\"latex\">\\unknown &lt;</code></p>\n", MarkdownHtml.ToHtml(@"a $\unknown <$"));

    [Fact]
    public void Markdown_LinkToNotebook_LeadsToItsPage() =>
        Assert.Contains("<a href=\"02-next.html#part\">", MarkdownHtml.ToHtml("[next](02-next.ipynb#part)"));

    [Theory]
    [InlineData("int x = 0x1F; // y", "<span class=\"k\">int</span> x = <span class=\"n\">0x1F</span>; <span class=\"c\">// y</span>")]
    [InlineData("s = \"a \\\" // b\" + 'c';", "s = <span class=\"s\">&quot;a \\&quot; // b&quot;</span> + <span class=\"s\">&#39;c&#39;</span>;")]
    [InlineData("@\"a\"\"b\\\" x", "<span class=\"s\">@&quot;a&quot;&quot;b\\&quot;</span> x")]
    [InlineData("\"\"\"a \"b\" \"\"\" x", "<span class=\"s\">&quot;&quot;&quot;a &quot;b&quot; &quot;&quot;&quot;</span> x")]
    [InlineData("/* a\nb */ interest \"open", "<span class=\"c\">/* a\nb */</span> interest <span class=\"s\">&quot;open</span>")]
    public void Colouring_Code_MarksItsTokens(string code, string expected) => Assert.Equal(expected, CSharpColouring.ToHtml(code));

    [Theory]
    [InlineData("$\"{x:0.0}\" + 1f; @class")]
    [InlineData("\"\" \"\"\"\"x\"\"\"\" '\\''")]
    [InlineData("\\ \" ' \"\"\" @ $")]
    public void Colouring_AnyCode_LosesNoCharacter(string code) =>
        Assert.Equal(code, System.Net.WebUtility.HtmlDecode(Regex.Replace(CSharpColouring.ToHtml(code), "</?span[^>]*>", "")));

    [Fact]
    public async Task Html_Run_WritesPageAndIndexWithTheRichestOutput()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Markdown("# Small & short").Code("display(HTML(\"<b id='live'>x</b>\")); Console.Write(\"<y>\");")
            .Code("#!html\n<i>markup</i>").Code("\"○ 1.1\"", exercise: "1.1").Save().Solutions("#region 1.1\n\"✓ solved\"\n#endregion");
        string site = Path.Combine(notebook.Folder, "site");
        await notebook.RunAsync(options => options with { HtmlFolder = site, UseSolutions = true });
        string page = File.ReadAllText(Path.Combine(site, "01-small.html"));
        Assert.Contains("<title>Small &amp; short</title>", page);
        Assert.Contains("<div class=\"output\"><b id='live'>x</b></div>", page);
        Assert.Contains("<pre class=\"stdout\">&lt;y&gt;</pre>", page);
        Assert.DoesNotContain("#!html", page);
        Assert.Contains("<pre>✓ solved</pre>", page);
        Assert.Contains("<a href=\"01-small.html\">Small &amp; short</a>", File.ReadAllText(Path.Combine(site, "index.html")));
    }

    [Fact]
    public async Task Html_PlotlyInstalled_IsCopiedOnceAndThePageHoldsDataAndStillForm()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code($"{Visuals}LlmFromScratch.Visuals.Figure.Bar([\"</script>\"], [1])").Save();
        string modules = Directory.CreateDirectory(Path.Combine(notebook.Folder, "site", "node_modules", "plotly.js-dist-min")).FullName;
        File.WriteAllText(Path.Combine(modules, "plotly.min.js"), "// the library");
        string site = Path.Combine(notebook.Folder, "out");
        (NotebookSummary run, _) = await notebook.RunAsync(options => options with { HtmlFolder = site });
        Assert.Empty(run.Failures);
        string page = File.ReadAllText(Path.Combine(site, "01-small.html"));
        Assert.Equal("// the library", File.ReadAllText(Path.Combine(site, "scripts", "plotly.min.js")));
        Assert.Contains("<script src=\"scripts/plotly.min.js\"></script>", page);
        Assert.Contains("<div class=\"plotly\"><script type=\"application/json\">{\"data\":[{", page);
        Assert.Contains("<div class=\"still\"><figure", page);
        Assert.DoesNotContain("mermaid.min.js", page);
    }

    [Fact]
    public void Script_ColoursOfTheNight_AreThePalettes()
    {
        string script = BookSite.Resource("book.js");
        foreach (string name in new[] { "ink", "muted", "line", "paper", "s0", "s5" })
        {
            string[] values = [.. Regex.Matches(LlmFromScratch.Visuals.Rendering.Palette.StyleSheet, $"--{name}:(#[0-9A-Fa-f]{{6}})").Select(match => match.Groups[1].Value.ToLowerInvariant()).Take(2)];
            Assert.Contains($"\"{values[0]}\": \"{values[1]}\"", script); // the sheet begins with the light theme and goes on with the dark one
        }
    }

    [Fact]
    public async Task Html_NothingInstalled_SaysSoAndStandsAsSvg()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code($"{Visuals}LlmFromScratch.Visuals.Figure.Bar([\"a\"], [1])").Save();
        string site = Path.Combine(notebook.Folder, "out");
        (_, string log) = await notebook.RunAsync(options => options with { HtmlFolder = site });
        Assert.Contains("npm install --prefix notebooks/site", log);
        Assert.DoesNotContain("src=", File.ReadAllText(Path.Combine(site, "01-small.html")));
    }
}
