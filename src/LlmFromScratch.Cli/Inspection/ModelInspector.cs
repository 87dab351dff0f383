using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Formats.Llama2c;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Models;
using LlmFromScratch.Models.HuggingFace;

namespace LlmFromScratch.Cli.Inspection;

/// <summary>Reads what a model on disk says about itself: GGUF, safetensors, llama2.c, or a Hugging Face folder.</summary>
internal static class ModelInspector
{
    /// <exception cref="InvalidDataException">The file breaks its format.</exception>
    public static InspectedModel Inspect(string path) =>
        Directory.Exists(path) ? InspectFolder(path)
        : path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? InspectSafeTensors(path)
        : path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? InspectLlama2c(path)
        : InspectGguf(path);

    private static InspectedModel InspectGguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return WithConfig(() => ModelConfigLoader.Load(file), new InspectedModel
        {
            Path = path, Format = $"GGUF version {file.Version}", ByteLength = file.ByteLength,
            Metadata = [.. file.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value))],
            Tensors = [.. file.Tensors.Select(t => new InspectedTensor(
                t.Name, t.Type.Name, [.. Enumerable.Range(0, t.Shape.Rank).Select(axis => (long)t.Shape[axis])], null, t.Offset, t.ByteLength))],
        });
    }

    private static InspectedModel InspectSafeTensors(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        return new InspectedModel
        {
            Path = path, Format = "safetensors", ByteLength = file.ByteLength, Reason = "one safetensors file does not say what its tensors are; give the folder with its config.json",
            Metadata = [.. file.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value))],
            Tensors = [.. file.Tensors.Select(tensor => From(tensor, null))],
        };
    }

    private static InspectedModel InspectFolder(string path)
    {
        using SafeTensorsFolder folder = SafeTensorsFolder.Open(path);
        string config = Path.Combine(path, HuggingFaceModel.ConfigFileName);
        InspectedModel model = new()
        {
            Path = path, Format = $"Hugging Face folder, {folder.Files.Count} safetensors {(folder.Files.Count == 1 ? "file" : "files")}",
            ByteLength = folder.Files.Sum(file => file.ByteLength),
            Metadata = File.Exists(config) ? Entries(config) : [],
            Tensors = [.. folder.Files.SelectMany(file => file.Tensors.Select(tensor => From(tensor, Path.GetFileName(file.Path))))],
        };
        return WithConfig(() =>
        {
            using HuggingFaceModel opened = HuggingFaceModel.Open(path);
            return opened.Config;
        }, model);
    }

    private static InspectedModel InspectLlama2c(string path)
    {
        using Llama2cFile file = Llama2cFile.Open(path);
        return WithConfig(() => Llama2cLoader.LoadConfig(file), new InspectedModel
        {
            Path = path, Format = "llama2.c version 0", ByteLength = new FileInfo(path).Length, Metadata = [],
            Tensors = [.. file.Names.Select(name => (Name: name, Tensor: file.GetTensor(name))).Select(pair => new InspectedTensor(pair.Name, "F32",
                [.. Enumerable.Range(0, pair.Tensor.Shape.Rank).Select(axis => (long)pair.Tensor.Shape[axis])], null, file.OffsetOf(pair.Name), pair.Tensor.ByteLength))],
        });
    }

    private static InspectedTensor From(SafeTensorsInfo tensor, string? file) => new(tensor.Name, tensor.Type.Name, tensor.Sizes, file, tensor.Offset, tensor.ByteLength);

    // A sound file of a model that the engine does not run can still be looked at.
    private static InspectedModel WithConfig(Func<ModelConfig> load, InspectedModel model)
    {
        try
        {
            return model with { Config = load() };
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            return model with { Reason = e.Message };
        }
    }

    private static KeyValuePair<string, object?>[] Entries(string config)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(config));
            return document.RootElement.ValueKind != JsonValueKind.Object ? []
                : [.. document.RootElement.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, (object?)entry.Value.Clone()))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{config}: expected JSON: {e.Message}", e);
        }
    }
}
