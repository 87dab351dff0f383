using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Checking;

/// <summary>
/// Compares the outputs that a cell gave now with those stored in its file: texts exactly, JSON by its numbers. Execution counts, metadata
/// and the frames of a traceback are not compared: they say nothing about what the cell computed.
/// </summary>
internal static class OutputComparer
{
    /// <summary>Relative: a figure's numbers are printed from floats, whose last digit is about 1e-7 of the value.</summary>
    public const double RelativeTolerance = 1e-6;

    /// <summary>Absolute: rounding noise around an exact zero, where a relative tolerance allows nothing.</summary>
    public const double ZeroTolerance = 1e-12;

    /// <summary>The first difference in readable words, null when the outputs agree.</summary>
    public static string? FindDifference(JsonArray stored, JsonArray computed)
    {
        if (stored.Count != computed.Count)
            return $"expected {Count(stored)} [{Kinds(stored)}], got {Count(computed)} [{Kinds(computed)}]";
        return stored.Zip(computed, (expected, got) => CompareOutput(expected!.AsObject(), got!.AsObject())) // outputs are objects: checked when loaded
            .Select((difference, i) => difference is null ? null : $"output {i + 1}, {difference}")
            .FirstOrDefault(difference => difference is not null);
    }

    private static string? CompareOutput(JsonObject stored, JsonObject computed)
    {
        string kind = KindOf(computed);
        if (KindOf(stored) != kind)
            return $"kind: expected {KindOf(stored)}, got {kind}";
        return kind switch
        {
            "stream" => CompareText("stream name", stored["name"], computed["name"]) ?? CompareText("stream", stored["text"], computed["text"]),
            "error" => CompareText("error name", stored["ename"], computed["ename"]) ?? CompareText("error message", stored["evalue"], computed["evalue"]),
            _ => CompareBundles(stored["data"] as JsonObject ?? [], computed["data"] as JsonObject ?? []),
        };
    }

    private static string? CompareBundles(JsonObject stored, JsonObject computed)
    {
        foreach (string mimeType in stored.Select(entry => entry.Key).Union(computed.Select(entry => entry.Key)).Order(StringComparer.Ordinal))
        {
            if (!stored.ContainsKey(mimeType) || !computed.ContainsKey(mimeType))
                return $"{mimeType}: expected it {(stored.ContainsKey(mimeType) ? "to be there, got an output without it" : "not to be there, got an output with it")}";
            string? difference = mimeType.EndsWith("json", StringComparison.Ordinal)
                ? CompareJson(mimeType, "$", stored[mimeType], computed[mimeType])
                : CompareText(mimeType, stored[mimeType], computed[mimeType]);
            if (difference is not null)
                return difference;
        }
        return null;
    }

    private static string? CompareText(string what, JsonNode? stored, JsonNode? computed)
    {
        string expected = NotebookJson.FromLines(stored) ?? "", got = NotebookJson.FromLines(computed) ?? "";
        if (expected == got)
            return null;
        string[] expectedLines = expected.Split('\n'), gotLines = got.Split('\n');
        int line = 0;
        while (line < expectedLines.Length && line < gotLines.Length && expectedLines[line] == gotLines[line])
            line++;
        return $"{what}, line {line + 1}:\n      expected: {LineAt(expectedLines, line)}\n      got:      {LineAt(gotLines, line)}";
    }

    private static string? CompareJson(string mimeType, string path, JsonNode? stored, JsonNode? computed)
    {
        switch (stored, computed)
        {
            case (JsonObject expected, JsonObject got):
                return expected.Select(entry => entry.Key).Union(got.Select(entry => entry.Key))
                    .Select(key => expected.ContainsKey(key) && got.ContainsKey(key)
                        ? CompareJson(mimeType, $"{path}.{key}", expected[key], got[key])
                        : Differs($"{path}.{key}", expected.ContainsKey(key) ? NotebookJson.Brief(expected[key]) : "nothing", got.ContainsKey(key) ? NotebookJson.Brief(got[key]) : "nothing"))
                    .FirstOrDefault(difference => difference is not null);
            case (JsonArray expected, JsonArray got) when expected.Count != got.Count:
                return Differs(path, $"{expected.Count} items", $"{got.Count} items");
            case (JsonArray expected, JsonArray got):
                return expected.Zip(got).Select((pair, i) => CompareJson(mimeType, $"{path}[{i}]", pair.First, pair.Second)).FirstOrDefault(difference => difference is not null);
            default:
                return AreEqual(stored, computed) ? null : Differs(path, NotebookJson.Brief(stored), NotebookJson.Brief(computed));
        }

        string Differs(string place, string expected, string got) => $"{mimeType} at {place}:\n      expected: {expected}\n      got:      {got}";
    }

    private static bool AreEqual(JsonNode? stored, JsonNode? computed)
    {
        if (stored?.GetValueKind() == JsonValueKind.Number && computed?.GetValueKind() == JsonValueKind.Number)
        {
            double expected = NumberOf(stored), got = NumberOf(computed);
            return Math.Abs(expected - got) <= Math.Max(ZeroTolerance, RelativeTolerance * Math.Max(Math.Abs(expected), Math.Abs(got)));
        }
        return JsonNode.DeepEquals(stored, computed);
    }

    private static double NumberOf(JsonNode number) => double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture);

    private static string LineAt(string[] lines, int line) =>
        line >= lines.Length ? "(the text ends before)" : lines[line].Length <= 160 ? lines[line] : lines[line][..157] + "...";

    private static string KindOf(JsonNode? output) => NotebookJson.FromLines(output?["output_type"]) ?? "nothing";

    private static string Kinds(JsonArray outputs) => string.Join(", ", outputs.Select(KindOf));

    private static string Count(JsonArray outputs) => outputs.Count == 1 ? "1 output" : $"{outputs.Count} outputs";
}
