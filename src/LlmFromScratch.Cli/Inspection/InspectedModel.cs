using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Cli.Inspection;

/// <summary>What a model on disk says about itself, whatever its format.</summary>
internal sealed record InspectedModel
{
    public required string Path { get; init; }

    /// <summary>The format and its version in words, for example "GGUF version 3".</summary>
    public required string Format { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long ByteLength { get; init; }

    /// <summary>Keys and values in the file's order.</summary>
    public required IReadOnlyList<KeyValuePair<string, object?>> Metadata { get; init; }

    public required IReadOnlyList<InspectedTensor> Tensors { get; init; }

    /// <summary>Sizes and constants, or null where the engine cannot run the model.</summary>
    public ModelConfig? Config { get; init; }

    /// <summary>Why there is no config.</summary>
    public string? Reason { get; init; }

    public long ParameterCount => Tensors.Sum(tensor => tensor.Count);

    /// <summary>Bytes of the weights as they lie in the file.</summary>
    public long WeightBytes => Tensors.Sum(tensor => tensor.ByteLength);

    public IEnumerable<IGrouping<string, InspectedTensor>> ByType => Tensors.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.ByteLength));

    /// <summary>
    /// Bytes of keys and values at a context length, <c>2 · L · N · K · D</c> values with N rounded up to cache blocks of 16 tokens; null where rows of K · D values
    /// are no whole blocks of the type.
    /// </summary>
    public static long? CacheBytes(ModelConfig config, int contextLength, DType type)
    {
        long row = (long)config.KvHeadCount * config.HeadSize, tokens = (contextLength + 15L) / 16 * 16;
        return row % type.BlockSize() == 0 ? 2 * config.LayerCount * tokens * type.ByteCount(row) : null;
    }
}
