using System.Globalization;
using System.Text.Json;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Cli.Inspection;

/// <summary>What a model holds as plain lines, for a pipe.</summary>
internal static class InspectionText
{
    /// <summary>How keys and values may be stored, under the names of <c>--cache-type</c>.</summary>
    public static (string Name, DType Type)[] CacheTypes { get; } = [("f32", DType.F32), ("f16", DType.F16), ("q8_0", DType.Q8_0)];

    public static void Print(InspectedModel model, int contextLength)
    {
        Line($"{Printable.Line(model.Path, 1000)}: {model.Format}, {model.ByteLength:N0} bytes");
        Line($"\nMetadata ({model.Metadata.Count})");
        foreach ((string key, object? value) in model.Metadata) Line($"  {Printable.Line(key, 200)} = {Describe(value)}");
        Line($"\nTensors ({model.Tensors.Count}, {model.ParameterCount:N0} parameters)");
        foreach (InspectedTensor tensor in model.Tensors)
            Line($"  {Printable.Line(tensor.Name, 200),-28} {tensor.Type,-6} {$"[{string.Join(", ", tensor.Shape)}]",-14} {tensor.ByteLength,12:N0} bytes at {tensor.Offset}{(tensor.File is null ? "" : $" of {Printable.Line(tensor.File, 200)}")}");
        Line($"\nStorage");
        foreach (IGrouping<string, InspectedTensor> group in model.ByType)
            Line($"  {group.Key,-6} {group.Count(),5} tensors {group.Sum(tensor => tensor.Count),14:N0} values {group.Sum(tensor => tensor.ByteLength),14:N0} bytes");
        if (model.Config is { } config) PrintMemory(model, config, contextLength);
        else Line($"\nNot a model that llmfs runs: {Printable.Line(model.Reason ?? "", 1000)}");
    }

    /// <summary>A value on one line. Vocabularies have tens of thousands of entries: an array shows its length and its first few.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "null",
        string text => Printable.Line(text, 100),
        JsonElement element => Printable.Line(element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText(), 100), // not null: the kind says so
        Array array => $"[{array.Length}] {string.Join(", ", array.Cast<object?>().Take(6).Select(Describe))}{(array.Length > 6 ? ", ..." : "")}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static void PrintMemory(InspectedModel model, ModelConfig config, int contextLength)
    {
        Line($"\nMemory at a context of {contextLength:N0} tokens (the model's own: {config.ContextLength:N0})");
        Line($"  weights            {model.WeightBytes,14:N0} bytes");
        foreach ((string name, DType type) in CacheTypes)
            if (InspectedModel.CacheBytes(config, contextLength, type) is { } cache)
                Line($"  key/value cache    {cache,14:N0} bytes as {name}, {model.WeightBytes + cache:N0} with the weights");
    }

    private static void Line(FormattableString text) => Console.Out.WriteLine(FormattableString.Invariant(text));
}
