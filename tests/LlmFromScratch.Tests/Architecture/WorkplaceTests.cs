using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmFromScratch.Tests.Architecture;

/// <summary>What an editor is told about this repository stays true: tasks name files that exist, and the devcontainer brings the recommended extensions.</summary>
public class WorkplaceTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    [Fact]
    public void Tasks_EveryPathAndTask_Exists()
    {
        JsonElement[] tasks = [.. Read(".vscode", "tasks.json").GetProperty("tasks").EnumerateArray()];
        string[] labels = [.. tasks.Select(task => task.GetProperty("label").GetString()!)]; // each is a text
        Assert.Equal(labels.Length, labels.Distinct().Count());
        foreach (JsonElement task in tasks)
        {
            if (task.TryGetProperty("dependsOn", out JsonElement before)) Assert.Contains(before.GetString(), labels);
            foreach (Match path in Regex.Matches(task.GetRawText(), """(?<=[" ])(src|tests|notebooks|\.ci)(/[\w.-]+)+"""))
                Assert.True(Path.Exists(Path.Combine(TestData.SolutionFolder, path.Value)), $"{task.GetProperty("label")}: {path.Value} does not exist.");
        }
    }

    [Fact]
    public void Extensions_OfTheEditorAndTheContainer_AreTheSame() => Assert.Equal(
        Texts(Read(".vscode", "extensions.json").GetProperty("recommendations")),
        Texts(Read(".devcontainer", "devcontainer.json").GetProperty("customizations").GetProperty("vscode").GetProperty("extensions")));

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(item => item.GetString());

    private static JsonElement Read(params string[] path) => JsonDocument.Parse(File.ReadAllText(Path.Combine([TestData.SolutionFolder, .. path])), WithComments).RootElement;
}
