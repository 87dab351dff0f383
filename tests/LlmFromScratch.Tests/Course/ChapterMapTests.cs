using System.Reflection;
using System.Text.RegularExpressions;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Tests.Course;

/// <summary>What notebooks/README.md and the chapters point to exists: cells, tests, files, exercises and their solutions.</summary>
public partial class ChapterMapTests
{
    private static readonly string Folder = Path.Combine(TestData.SolutionFolder, "notebooks");

    public static TheoryData<string, string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>();
            foreach (string line in File.ReadAllLines(Path.Combine(Folder, "README.md")))
            {
                string[] columns = [.. line.Trim('|').Split('|').Select(column => column.Trim())];
                if (columns.Length == 5 && ItemPattern().IsMatch(columns[0])) rows.Add(columns[0], columns[2], columns[3], columns[4]);
            }
            return rows;
        }
    }

    public static TheoryData<string> Notebooks => [.. Directory.GetFiles(Folder, "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Map_HasARowForEachItemOfChapterOne()
    {
        IEnumerable<string> items = Rows.Select(row => (string)row[0]);
        Assert.All(Enumerable.Range(1, 9), number => Assert.Contains($"A{number}", items));
    }

    [Theory, MemberData(nameof(Rows))]
    public void Row_NamesACellAndATestThatExist(string item, string chapter, string cell, string test)
    {
        string file = Assert.Single(Directory.GetFiles(Folder, chapter + "-*.ipynb"));
        Assert.True(NotebookFile.Load(file).Cells.Any(candidate => candidate.Id == cell), $"{item}: chapter {chapter} has no cell \"{cell}\".");

        string[] parts = test.Split('.');
        Type? type = Type.GetType($"LlmFromScratch.Tests.{(parts[0].StartsWith("Ch") ? "Chapters." : "")}{string.Join('.', parts[..^1])}");
        MethodInfo? method = type?.GetMethod(parts[^1]);
        Assert.True(method?.GetCustomAttribute<FactAttribute>() is not null, $"{item}: there is no test \"{test}\".");
    }

    [Theory, MemberData(nameof(Notebooks))]
    public void Links_OfAChapter_LeadToFiles(string notebook)
    {
        foreach (NotebookCell cell in NotebookFile.Load(Path.Combine(Folder, notebook)).Cells.Where(cell => !cell.IsCode))
            foreach (Match link in LinkPattern().Matches(cell.Source))
                Assert.True(File.Exists(Path.Combine(Folder, link.Groups[1].Value)), $"{notebook}, cell {cell.Id}: {link.Groups[1].Value} does not exist.");
    }

    [Theory, MemberData(nameof(Notebooks))]
    public void Exercises_OfAChapter_HaveACheckAndASolution(string notebook)
    {
        string chapter = int.Parse(notebook[..2]).ToString();
        string[] asked = [.. NotebookFile.Load(Path.Combine(Folder, notebook)).Cells.Select(cell => cell.Exercise).OfType<string>()];
        string solutions = File.ReadAllText(Path.Combine(Folder, "solutions", Path.ChangeExtension(notebook, ".cs")));
        Assert.Equal(ExerciseCatalogue.All.Select(exercise => exercise.Id).Where(id => id.Split('.')[0] == chapter), asked);
        Assert.All(asked, id => Assert.Contains($"#region {id}\n", solutions));
    }

    [GeneratedRegex("^[A-Z][0-9]+$")]
    private static partial Regex ItemPattern();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex LinkPattern();
}
