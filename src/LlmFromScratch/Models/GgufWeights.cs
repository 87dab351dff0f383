using System.Globalization;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>
/// The tensors of a GGUF file under today's names. Mixtures of experts that were written before April 2024 keep each expert in matrices of its own,
/// <c>blk.N.ffn_gate.E.weight</c>, <c>ffn_up.E</c> and <c>ffn_down.E</c>; these are joined to <c>blk.N.ffn_gate_exps.weight</c> and its siblings.
/// Source: llama.cpp, pull requests 4406 (one by one) and 6387 (joined).
/// </summary>
internal static class GgufWeights
{
    private const string Joined = "_exps.weight", Ending = ".weight";

    /// <summary>The host tensor of a name, or null if there is none.</summary>
    /// <exception cref="InvalidDataException">Of a block's experts some are missing, or there are more than the model has.</exception>
    public static Tensor? Find(GgufFile file, ModelConfig config, string name)
    {
        if (file.Contains(name)) return file.GetTensor(name);
        return config.Moe is { } moe && name.EndsWith(Joined, StringComparison.Ordinal) ? Experts(file, name[..^Joined.Length] + ".", moe.ExpertCount) : null;
    }

    // The prefix is "blk.0.ffn_gate.", for example.
    private static Tensor? Experts(GgufFile file, string prefix, int count)
    {
        int[] found = [.. file.Tensors.Select(tensor => ExpertOf(tensor.Name, prefix)).OfType<int>().Order()];
        if (found.Length == 0) return null;
        string expected = string.Create(CultureInfo.InvariantCulture, $"expected {count} experts, 0 to {count - 1}, as the model's expert_count says, got {found.Length}");
        for (int expert = 0; expert < count; expert++)
            if (expert >= found.Length || found[expert] != expert) throw new InvalidDataException($"{file.Path}: tensor '{NameOf(expert)}' is missing; {expected}.");
        if (found.Length > count) throw new InvalidDataException($"{file.Path}: tensor '{NameOf(found[count])}' is one too many; {expected}.");
        return JoinedExperts.Join(file.Path, Array.ConvertAll(found, NameOf), file.GetTensor);

        string NameOf(int expert) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{expert}{Ending}");
    }

    // "blk.0.ffn_gate.12.weight" -> 12; null for what is no expert of the prefix.
    private static int? ExpertOf(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal) && name.Length > prefix.Length + Ending.Length
        && int.TryParse(name.AsSpan()[prefix.Length..^Ending.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int expert) ? expert : null;
}
