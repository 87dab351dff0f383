using LlmFromScratch.Models.HuggingFace;

namespace LlmFromScratch.Models;

/// <summary>Opens models on disk. The first step of the flow: everything behind it is the same for all formats.</summary>
public static class Checkpoint
{
    /// <summary>Opens a GGUF file, a llama2.c file (.bin), or a folder with config.json and safetensors files.</summary>
    /// <param name="path">A file, a folder, or a file in such a folder: its config.json or a .safetensors file.</param>
    /// <exception cref="InvalidDataException">A file is missing or damaged; the message names file and field.</exception>
    /// <exception cref="NotSupportedException">A sound model of a kind that the engine does not run; the message says what is supported.</exception>
    public static ICheckpoint Open(string path)
    {
        if (Directory.Exists(path)) return HuggingFaceModel.Open(path);
        bool isInFolder = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || Path.GetFileName(path) == HuggingFaceModel.ConfigFileName;
        if (isInFolder) return HuggingFaceModel.Open(Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);
        return path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? Llama2cCheckpoint.Open(path) : GgufCheckpoint.Open(path);
    }
}
