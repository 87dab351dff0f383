using System.Collections;
using System.CommandLine;
using System.Globalization;
using LlmFromScratch.Formats.Gguf;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs inspect</c>: what a GGUF file holds.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        Argument<FileInfo> file = new("FILE") { Description = "A GGUF file." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("inspect", "Show a GGUF file's metadata and tensors.") { file, json };
        command.SetAction(parsed =>
        {
            using GgufFile gguf = GgufFile.Open(parsed.GetRequiredValue(file).FullName);
            if (parsed.GetValue(json)) PrintJson(gguf);
            else PrintText(gguf);
            return 0;
        });
        return command;
    }

    private static void PrintText(GgufFile gguf)
    {
        Console.Out.WriteLine(Invariant($"{gguf.Path}: GGUF version {gguf.Version}, {gguf.ByteLength:N0} bytes"));
        Console.Out.WriteLine(Invariant($"\nMetadata ({gguf.Metadata.Count})"));
        foreach ((string key, object value) in gguf.Metadata) Console.Out.WriteLine($"  {key} = {Describe(value)}");
        Console.Out.WriteLine(Invariant($"\nTensors ({gguf.Tensors.Count}, {ParameterCount(gguf):N0} parameters)"));
        foreach (GgufTensorInfo tensor in gguf.Tensors)
            Console.Out.WriteLine(Invariant($"  {tensor.Name,-28} {tensor.Type,-6} {tensor.Shape,-14} {tensor.ByteLength,12:N0} bytes at {tensor.Offset}"));
        foreach (IGrouping<string, GgufTensorInfo> group in ByType(gguf))
            Console.Out.WriteLine(Invariant($"  {group.Key}: {group.Count()} tensors, {group.Sum(t => t.ByteLength):N0} bytes"));
    }

    private static void PrintJson(GgufFile gguf) => Json.Print(new
    {
        gguf.Path,
        gguf.Version,
        gguf.ByteLength,
        Parameters = ParameterCount(gguf),
        Metadata = gguf.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value is Array ? Describe(pair.Value) : pair.Value),
        Types = ByType(gguf).ToDictionary(group => group.Key, group => group.Count()),
        Tensors = gguf.Tensors.Select(t => new { t.Name, Type = t.Type.ToString(), Shape = Sizes(t), t.Offset, t.ByteLength }),
    });

    private static IEnumerable<IGrouping<string, GgufTensorInfo>> ByType(GgufFile gguf) => gguf.Tensors.GroupBy(t => $"{t.Type}");

    private static long ParameterCount(GgufFile gguf) => gguf.Tensors.Sum(t => t.Shape.Count);

    private static IEnumerable<int> Sizes(GgufTensorInfo tensor) => Enumerable.Range(0, tensor.Shape.Rank).Select(axis => tensor.Shape[axis]);

    // Vocabularies have tens of thousands of entries: an array shows its length and its first few.
    private static string Describe(object value) => value switch
    {
        string text => text.Length <= 100 ? text : $"{text[..100]}... ({text.Length} characters)",
        Array array => $"[{array.Length}] {string.Join(", ", First(array, 6).Select(item => Convert.ToString(item, CultureInfo.InvariantCulture)))}{(array.Length > 6 ? ", ..." : "")}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static IEnumerable<object?> First(IEnumerable items, int count) => items.Cast<object?>().Take(count);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
