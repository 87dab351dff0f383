using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LlmFromScratch.Cli.Inspection;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs inspect</c>: what a model file holds, and the memory that it needs.</summary>
internal static class InspectCommand
{
    private static readonly (string Name, DType Type)[] CacheTypes = [("f32", DType.F32), ("f16", DType.F16), ("q8_0", DType.Q8_0)];

    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A GGUF, safetensors or llama2.c file, or a folder with config.json and safetensors files." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Option<int?> context = new("--ctx") { Description = "The context length, in tokens, for which memory is said; without it, the model's own." };
        Command command = new("inspect", "Show a model's metadata and tensors, its storage types, and the memory that it needs.") { file, json, context };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(context) < 1) return Failure.WrongInput($"--ctx {parsed.GetValue(context)}: expected at least 1 token.");
            InspectedModel model = ModelInspector.Inspect(parsed.GetRequiredValue(file));
            int contextLength = parsed.GetValue(context) ?? model.Config?.ContextLength ?? 0;
            if (parsed.GetValue(json)) PrintJson(model, contextLength);
            else PrintText(model, contextLength);
            return 0;
        });
        return command;
    }

    private static void PrintText(InspectedModel model, int contextLength)
    {
        Print($"{Printable.Line(model.Path, 1000)}: {model.Format}, {model.ByteLength:N0} bytes");
        Print($"\nMetadata ({model.Metadata.Count})");
        foreach ((string key, object? value) in model.Metadata) Print($"  {Printable.Line(key, 200)} = {Describe(value)}");
        Print($"\nTensors ({model.Tensors.Count}, {model.ParameterCount:N0} parameters)");
        foreach (InspectedTensor tensor in model.Tensors)
            Print($"  {Printable.Line(tensor.Name, 200),-28} {tensor.Type,-6} {$"[{string.Join(", ", tensor.Shape)}]",-14} {tensor.ByteLength,12:N0} bytes at {tensor.Offset}{(tensor.File is null ? "" : $" of {Printable.Line(tensor.File, 200)}")}");
        Print($"\nStorage");
        foreach (IGrouping<string, InspectedTensor> group in model.ByType)
            Print($"  {group.Key,-6} {group.Count(),5} tensors {group.Sum(tensor => tensor.Count),14:N0} values {group.Sum(tensor => tensor.ByteLength),14:N0} bytes");
        if (model.Config is { } config) PrintMemory(model, config, contextLength);
        else Print($"\nNot a model that llmfs runs: {Printable.Line(model.Reason ?? "", 1000)}");
    }

    private static void PrintMemory(InspectedModel model, ModelConfig config, int contextLength)
    {
        Print($"\nMemory at a context of {contextLength:N0} tokens (the model's own: {config.ContextLength:N0})");
        Print($"  weights            {model.WeightBytes,14:N0} bytes");
        foreach ((string name, DType type) in CacheTypes)
            if (InspectedModel.CacheBytes(config, contextLength, type) is { } cache)
                Print($"  key/value cache    {cache,14:N0} bytes as {name}, {model.WeightBytes + cache:N0} with the weights");
    }

    private static void PrintJson(InspectedModel model, int contextLength) => Json.Print(new
    {
        model.Path,
        model.Format,
        model.ByteLength,
        Parameters = model.ParameterCount,
        Metadata = model.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value is Array ? Describe(pair.Value) : pair.Value),
        Types = model.ByType.ToDictionary(group => group.Key, group => new { Tensors = group.Count(), Values = group.Sum(t => t.Count), Bytes = group.Sum(t => t.ByteLength) }),
        Tensors = model.Tensors.Select(t => new { t.Name, t.Type, t.Shape, t.File, t.Offset, t.ByteLength }),
        Memory = model.Config is not { } config ? null : new
        {
            ContextLength = contextLength,
            model.WeightBytes,
            CacheBytes = CacheTypes.ToDictionary(type => type.Name, type => InspectedModel.CacheBytes(config, contextLength, type.Type)),
        },
        Runs = model.Config is not null,
        model.Reason,
    });

    // Vocabularies have tens of thousands of entries: an array shows its length and its first few.
    private static string Describe(object? value) => value switch
    {
        null => "null",
        string text => Printable.Line(text, 100),
        JsonElement element => Printable.Line(element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText(), 100), // not null: the kind says so
        Array array => $"[{array.Length}] {string.Join(", ", array.Cast<object?>().Take(6).Select(Describe))}{(array.Length > 6 ? ", ..." : "")}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static void Print(FormattableString text) => Console.Out.WriteLine(FormattableString.Invariant(text));
}
