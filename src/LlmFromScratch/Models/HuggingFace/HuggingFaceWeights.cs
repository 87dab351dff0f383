using System.Globalization;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models.HuggingFace;

/// <summary>
/// Gives the tensors of a checkpoint as a GGUF file of it would hold them. Most are the mapped bytes themselves; what is stored otherwise is copied:
/// queries and keys whose pairs lie apart, GPT-2's transposed matrices, experts that lie in tensors of their own, vectors in half precision.
/// </summary>
internal sealed class HuggingFaceWeights(SafeTensorsFolder folder, string modelType)
{
    private readonly HuggingFaceNames _names = new(folder, modelType);

    public int TensorCount => folder.Tensors.Count;

    /// <summary>V: the rows of the embedding table.</summary>
    public int VocabSize => Source("token_embd.weight")!.Shape[0]; // not null: the names were made from it

    public bool HasHead => Has("output.weight");

    /// <summary>Biases are told by the tensors of the first block; every block must have them then.</summary>
    public Biases Biases => (Has("blk.0.attn_q.bias") || Has("blk.0.attn_qkv.bias") ? Biases.QueryKeyValue : Biases.None)
        | (Has("blk.0.attn_output.bias") ? Biases.AttentionOutput : Biases.None) | (Has("blk.0.ffn_up.bias") ? Biases.FeedForward : Biases.None);

    /// <summary>The tensor with a GGUF name as the engine wants it, or null if there is none.</summary>
    public Tensor? Find(string name, ModelConfig config, Dictionary<string, float[]> ropeDivisors)
    {
        if (ropeDivisors.TryGetValue(name, out float[]? divisors)) return Tensor.FromFloats(divisors, divisors.Length);
        if (_names.Of(name)?.Contains(HuggingFaceNames.Expert, StringComparison.Ordinal) == true) return Experts(name, config.Moe?.ExpertCount ?? 0);
        if (Source(name) is not { } tensor) return null;
        if (tensor.Shape.Rank == 1) tensor = RowCodec.Decode(tensor); // vectors are few: the kernels read them as F32
        string kind = name.Split('.') is { Length: 4 } parts ? parts[2] : "";
        if (config.Rope?.Pairing == RopePairing.Interleaved && kind is "attn_q" or "attn_k")
            return TogetherPairs(tensor, name, kind == "attn_q" ? config.HeadCount : config.KvHeadCount);
        if (config.Architecture == "gpt2" && kind != "" && tensor.Shape.Rank == 2) return Transposed(tensor);
        if (config.PostNorm && tensor.Shape.Rank == 1) foreach (ref float value in tensor.Floats) value += 1; // gemma stores its norms' distance from 1
        return tensor;
    }

    private bool Has(string name) => _names.Of(name) is { } source && folder.Contains(source);

    private Tensor? Source(string name)
    {
        if (_names.Of(name) is not { } source || !folder.Contains(source)) return null;
        Tensor tensor = folder.GetTensor(source);
        return tensor.DType is DType.F32 or DType.F16 or DType.BF16 ? tensor : throw new NotSupportedException(
            $"{folder.Path}: weight '{source}' is stored as {tensor.DType}; supported: F32, F16, BF16.");
    }

    // transformers turns value i of a head with value i + D/2, the engine's interleaved pairs are neighbours: row (s, i) of a head goes to (i, s).
    private Tensor TogetherPairs(Tensor tensor, string name, int heads)
    {
        int headSize = tensor.Shape[0] / heads;
        if (headSize * heads != tensor.Shape[0] || headSize % 2 != 0) throw new InvalidDataException(
            $"{folder.Path}: tensor '{_names.Of(name)}' is {tensor.Shape}; expected rows for {heads} heads of an even size.");
        Tensor result = Tensor.Zeros(tensor.Shape, tensor.DType);
        int rowBytes = (int)(tensor.ByteLength / tensor.Shape[0]);
        Span<byte> from = tensor.Bytes, to = result.Bytes;
        for (int row = 0; row < tensor.Shape[0]; row++)
        {
            (int head, int within) = Math.DivRem(row, headSize);
            (int side, int pair) = Math.DivRem(within, headSize / 2);
            from.Slice(row * rowBytes, rowBytes).CopyTo(to.Slice((head * headSize + 2 * pair + side) * rowBytes, rowBytes));
        }
        return result;
    }

    // GPT-2's Conv1D keeps [in, out].
    private static Tensor Transposed(Tensor tensor)
    {
        (int rows, int columns) = (tensor.Shape[0], tensor.Shape[1]);
        Tensor result = Tensor.Zeros(new Shape(columns, rows), tensor.DType);
        int size = tensor.DType.BlockBytes();
        Span<byte> from = tensor.Bytes, to = result.Bytes;
        for (int column = 0; column < columns; column++)
            for (int row = 0; row < rows; row++) from.Slice((row * columns + column) * size, size).CopyTo(to.Slice((column * rows + row) * size, size));
        return result;
    }

    // [out, in] a tensor -> [E, out, in].
    private Tensor? Experts(string name, int count)
    {
        string pattern = _names.Of(name)!; // not null: the caller has seen it
        List<string> names = [];
        for (int expert = 0; expert < count; expert++) // all must be there before room is made for them
        {
            names.Add(pattern.Replace(HuggingFaceNames.Expert, expert.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            if (!folder.Contains(names[^1])) return null;
        }
        return count == 0 ? null : JoinedExperts.Join(folder.Path, names, folder.GetTensor);
    }
}
