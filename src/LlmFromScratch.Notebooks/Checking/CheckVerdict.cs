using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Checking;

/// <summary>
/// What an exercise's check said, read from a cell's outputs: the <c>text/plain</c> of a check begins with ✓ (passed), ✗ (did not pass) or
/// ○ (not done yet).
/// </summary>
/// <param name="Passed">What the checks that passed said.</param>
/// <param name="Failed">What the checks that did not pass said, likely cause and failing case included.</param>
/// <param name="NotDone">What the checks said whose exercise is not done yet.</param>
internal sealed record CheckVerdict(IReadOnlyList<string> Passed, IReadOnlyList<string> Failed, IReadOnlyList<string> NotDone)
{
    /// <summary>Reads the verdicts among <paramref name="outputs"/>.</summary>
    public static CheckVerdict Read(JsonArray outputs)
    {
        List<string> texts = [.. outputs.Select(output => NotebookJson.FromLines(output?["data"]?["text/plain"])).OfType<string>()];
        return new CheckVerdict(Beginning('✓'), Beginning('✗'), Beginning('○'));

        List<string> Beginning(char mark) => [.. texts.Where(text => text.StartsWith(mark))];
    }
}
