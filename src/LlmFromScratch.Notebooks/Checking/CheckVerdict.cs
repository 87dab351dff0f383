using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Checking;

/// <summary>
/// What an exercise's check said, read from a cell's outputs: the <c>text/plain</c> of a check begins with ✓ (passed), ✗ (did not pass) or
/// ○ (not done yet).
/// </summary>
/// <param name="Passed">The first lines of the checks that passed.</param>
/// <param name="Failed">The first lines of the checks that did not.</param>
/// <param name="NotDone">The first lines of the checks whose exercise is not done yet.</param>
internal sealed record CheckVerdict(IReadOnlyList<string> Passed, IReadOnlyList<string> Failed, IReadOnlyList<string> NotDone)
{
    /// <summary>Reads the verdicts among <paramref name="outputs"/>.</summary>
    public static CheckVerdict Read(JsonArray outputs)
    {
        List<string> texts = [.. outputs.Select(output => NotebookJson.FromLines(output?["data"]?["text/plain"])).OfType<string>().Select(text => text.Split('\n')[0])];
        return new CheckVerdict(Beginning('✓'), Beginning('✗'), Beginning('○'));

        List<string> Beginning(char mark) => [.. texts.Where(text => text.StartsWith(mark))];
    }
}
