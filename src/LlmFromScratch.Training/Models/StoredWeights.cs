using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// The weights of a model in a GGUF file, under the names that they have in memory, beside its sizes and its tokenizer: one file is the whole model. The engine
/// runs decoders only; it refuses the other kinds by the name of their architecture.
/// </summary>
internal static class StoredWeights
{
    /// <summary>Writes a file beside its place and renames it.</summary>
    /// <param name="path">The file to make; its folder exists.</param>
    /// <param name="architecture">general.architecture, and what the keys of the sizes begin with.</param>
    /// <param name="name">general.name.</param>
    /// <param name="sizes">The key of each size, without the architecture, and its value.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="matrixType">How matrices are stored; vectors are F32.</param>
    /// <param name="tokenizer">Its vocabulary stands in the file.</param>
    public static void Save(string path, string architecture, string name, IEnumerable<(string Key, object Value)> sizes, IReadOnlyList<Variable> weights, DType matrixType,
        ByteLevelBpeTokenizer tokenizer)
    {
        GgufWriter writer = new GgufWriter().Add("general.architecture", architecture).Add("general.name", name);
        foreach ((string key, object value) in sizes) writer.Add($"{architecture}.{key}", value);
        TokenizerWriter.Write(writer, tokenizer);
        foreach (Variable weight in weights) writer.Add(weight.Name, GgufExport.ToTensor(weight, matrixType));
        writer.Save(path);
    }

    /// <summary>The sizes of a file, which must be of one architecture.</summary>
    /// <exception cref="NotSupportedException">It is of another.</exception>
    public static GgufKeys Keys(GgufFile file, string architecture)
    {
        string found = file.Metadata.GetString("general.architecture");
        return found == architecture ? new GgufKeys(file, architecture) : throw new NotSupportedException(
            $"{file.Path}: general.architecture: expected '{architecture}', got '{found}'.");
    }

    /// <summary>A size, at least 1.</summary>
    /// <exception cref="InvalidDataException">It is missing or below 1.</exception>
    public static int Size(GgufKeys keys, string key) => keys.Int(key) is >= 1 and int value ? value : throw keys.Invalid(key, keys.Int(key), "at least 1");

    /// <summary>The tokenizer of a file, a byte-level BPE with as many tokens as the model.</summary>
    /// <exception cref="InvalidDataException">It has another number of tokens.</exception>
    /// <exception cref="NotSupportedException">It is another kind.</exception>
    public static ByteLevelBpeTokenizer Tokenizer(GgufFile file, int vocabSize)
    {
        ByteLevelBpeTokenizer tokenizer = TokenizerLoader.Load(file) as ByteLevelBpeTokenizer
            ?? throw new NotSupportedException($"{file.Path}: expected a byte-level BPE vocabulary (tokenizer.ggml.model gpt2).");
        return tokenizer.VocabSize == vocabSize ? tokenizer : throw new InvalidDataException(
            $"{file.Path}: the tokenizer has {tokenizer.VocabSize} tokens; expected {vocabSize}, as many as the model.");
    }

    /// <summary>Fails unless a tensor is there with a shape; asked before a model of these sizes is made.</summary>
    /// <exception cref="InvalidDataException">It is missing or has another shape.</exception>
    public static Tensor Require(GgufFile file, string name, Shape shape)
    {
        Tensor stored = file.GetTensor(name);
        return stored.Shape == shape ? stored : throw new InvalidDataException(
            $"{file.Path}: tensor '{name}' is {stored.Shape}; the model's sizes ask for {shape}.");
    }

    /// <summary>Overwrites weights with those of a file, dequantized; each has a tensor of its own, or lies in one with others as <see cref="GgufExport.Tensors"/> joins them.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape.</exception>
    public static void Fill(IReadOnlyList<Variable> weights, GgufFile file)
    {
        foreach (IGrouping<string, Variable> group in weights.GroupBy(weight => NameIn(file, weight)))
        {
            Tensor stored = Require(file, group.Key, GgufExport.FileShape(group.Key, [.. group]));
            int start = 0; // in bytes: the rows of one weight follow those of the other
            foreach (Variable weight in group)
            {
                int size = weight.Shape.RowLength, rowBytes = (int)stored.DType.ByteCount(size);
                for (int row = 0; row < weight.Shape.RowCount; row++, start += rowBytes)
                    RowCodec.Decode(stored.DType, stored.Bytes.Slice(start, rowBytes), weight.Data.Slice(row * size, size));
            }
        }
    }

    private static string NameIn(GgufFile file, Variable weight) =>
        GgufExport.FileName(weight.Name, isFused: true) is string joined && file.Contains(joined) ? joined : weight.Name;
}
