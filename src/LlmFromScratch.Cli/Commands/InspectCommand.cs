using System.CommandLine;
using LlmFromScratch.Cli.Inspection;
using LlmFromScratch.Models;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs inspect</c>: what a model file holds, and the memory that it needs.</summary>
internal static class InspectCommand
{
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
            else if (Console.IsOutputRedirected) InspectionText.Print(model, contextLength);
            else InspectionTables.Print(model, contextLength);
            return 0;
        });
        return command;
    }

    private static void PrintJson(InspectedModel model, int contextLength) => Json.Print(new
    {
        model.Path,
        model.Format,
        model.ByteLength,
        Parameters = model.ParameterCount,
        Metadata = model.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value is Array ? InspectionText.Describe(pair.Value) : pair.Value),
        Types = model.ByType.ToDictionary(group => group.Key, group => new { Tensors = group.Count(), Values = group.Sum(t => t.Count), Bytes = group.Sum(t => t.ByteLength) }),
        Tensors = model.Tensors.Select(t => new { t.Name, t.Type, t.Shape, t.File, t.Offset, t.ByteLength }),
        Memory = model.Config is not { } config ? null : new
        {
            ContextLength = contextLength,
            model.WeightBytes,
            CacheBytes = InspectionText.CacheTypes.ToDictionary(type => type.Name, type => InspectedModel.CacheBytes(config, contextLength, type.Type)),
        },
        Runs = model.Config is not null,
        model.Reason,
    });
}
