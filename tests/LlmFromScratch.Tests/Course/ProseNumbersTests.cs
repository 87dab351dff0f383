using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Tests.Course;

/// <summary>
/// A number in a chapter's prose is printed by one of its cells, or stands in its code: so that a wrong number in a sentence or in an erratum does not go unseen.
/// Asked of decimals and of whole numbers with three digits or more; years, places in a text or a paper, formulas, quotations and round numbers are free.
/// </summary>
public partial class ProseNumbersTests
{
    // Numbers that no cell can print, each with its reason.
    private static readonly Dictionary<(string Chapter, string Number), string> Exempt = new()
    {
        [("00", "499")] = "an id beside 500, to say that ids are names",
        [("03", "50257")] = "GPT-2's vocabulary, with its source",
        [("04", "4017")] = "a place far into a text, any",
        [("04", "3.9")] = "2^-8 times 1000 places",
    };

    public static TheoryData<string> Notebooks => [.. Directory.GetFiles(Path.Combine(TestData.SolutionFolder, "notebooks"), "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Notebooks))]
    public void Prose_EveryNumber_IsPrintedByTheChapter(string notebook)
    {
        NotebookFile file = NotebookFile.Load(Path.Combine(TestData.SolutionFolder, "notebooks", notebook));
        double[] printed = [.. file.Cells.Where(cell => cell.IsCode).SelectMany(Shown).SelectMany(text => Number().Matches(text.Replace(",", "")))
            .Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).Distinct()];
        foreach (NotebookCell cell in file.Cells.Where(cell => cell.Kind == "markdown"))
            foreach (Match match in NumberOfProse().Matches(NotAsked().Replace(cell.Source, " ")))
            {
                string number = match.Value.Replace(",", "");
                bool isPlace = Regex.IsMatch(number, $@"^{int.Parse(notebook[..2])}\.\d\d?$"); // 6.3: an exercise or a section of chapter 06
                if (isPlace || RoundOrSmall().IsMatch(number) || Exempt.ContainsKey((notebook[..2], number))) continue;
                int decimals = number.Contains('.') ? number.Length - number.IndexOf('.') - 1 : 0;
                double value = double.Parse(number, CultureInfo.InvariantCulture), half = 0.5 * Math.Pow(10, -decimals) + 1e-12; // printed to more digits, it may be rounded here
                Assert.True(Array.Exists(printed, other => Math.Abs(other - value) <= half),
                    $"{notebook}, cell \"{cell.Id}\": {match.Value} stands in the prose, and no cell of the chapter prints it or has it in its code.");
            }
    }

    // What a reader sees of a code cell: source, printed text, tables and labels; not the data of figures, where every number can be found.
    private static IEnumerable<string> Shown(NotebookCell cell)
    {
        yield return cell.Source;
        foreach (JsonNode? output in cell.Outputs)
        {
            yield return NotebookJson.FromLines(output?["text"]) ?? "";
            JsonObject data = output?["data"] as JsonObject ?? [];
            yield return NotebookJson.FromLines(data["text/plain"]) ?? "";
            yield return Tags().Replace(Data().Replace(NotebookJson.FromLines(data["text/html"]) ?? "", " "), " ");
            yield return string.Join(' ', SvgText().Matches(NotebookJson.FromLines(data["image/svg+xml"]) ?? "").Select(match => match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<![\w.,])\d[\d,]*(\.\d+)?(?![\w])")]
    private static partial Regex NumberOfProse();

    // One or two digits, a year, a number in binary digits, or one that ends in two zeros.
    [GeneratedRegex(@"^(\d{1,2}|1[89]\d\d|20\d\d|0\d+|\d{1,3}0{2,})$")]
    private static partial Regex RoundOrSmall();

    // Formulas, code, the targets of links, headings, quotations, and places: section 4.10, sections 3.2 and 3.3.
    [GeneratedRegex(@"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\]\([^)]*\)|^#[^\n]*$|“[^”]*”|\b(sections?|exercises?|tables?|figures?|chapters?|eq\.)\s[\d.]+(( and| to|,) [\d.]+)*",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex NotAsked();

    [GeneratedRegex("<(script|style|svg)\\b.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("<text[^>]*>([^<]*)</text>")]
    private static partial Regex SvgText();
}
