using LlmFromScratch.Formats.Llama2c;
using LlmFromScratch.Kernels;

namespace LlmFromScratch.Models;

/// <summary>Makes a model's config from a llama2.c checkpoint; its tensors have the names that <see cref="WeightLoader"/> asks for.</summary>
public static class Llama2cLoader
{
    /// <summary>Reads and validates the config. The format fixes what it does not store: ε 1e-5, RoPE base 10,000 over neighbouring pairs.</summary>
    /// <exception cref="InvalidDataException">Sizes that cannot belong together.</exception>
    public static ModelConfig LoadConfig(Llama2cFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        ModelConfig config = new()
        {
            Architecture = "llama",
            VocabSize = file.VocabSize,
            ContextLength = file.ContextLength,
            EmbeddingSize = file.EmbeddingSize,
            LayerCount = file.LayerCount,
            HeadCount = file.HeadCount,
            KvHeadCount = file.KvHeadCount,
            HeadSize = file.HeadSize,
            FeedForwardSize = file.FeedForwardSize,
            NormEpsilon = 1e-5f,
            Rope = new RopeConfig { Base = 10_000, Pairing = RopePairing.Interleaved },
            TiedHead = file.TiedHead,
        };
        try
        {
            return config.Validate();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file.Path}: {e.Message}", e);
        }
    }
}
