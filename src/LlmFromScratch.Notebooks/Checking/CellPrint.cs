using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Checking;

/// <summary>What a cell printed, for the console: of a run that fails nothing is stored, so it would be lost.</summary>
internal static class CellPrint
{
    private const int MostLines = 30;

    /// <summary>The text of the streams, the last lines where there are many; empty when nothing was printed.</summary>
    public static string Of(JsonArray outputs)
    {
        string text = string.Concat(outputs.Where(output => (string?)output?["output_type"] == "stream").Select(output => NotebookJson.FromLines(output?["text"])));
        string[] lines = text.TrimEnd().Split('\n');
        return lines.Length <= MostLines ? string.Join('\n', lines) : string.Join('\n', [$"… {lines.Length - MostLines} lines before", .. lines.TakeLast(MostLines)]);
    }
}
