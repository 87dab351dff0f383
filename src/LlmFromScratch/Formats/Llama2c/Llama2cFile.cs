using System.Runtime.InteropServices;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.Llama2c;

/// <summary>
/// A checkpoint of llama2.c (karpathy/llama2.c, export.py, legacy version 0): seven 32-bit sizes, then all weights as F32, one kind after the other,
/// each with its layers in a row. The file has neither a mark nor names: it is known by its exact length, and tensors get the names that GGUF
/// files of llama give them. Values are mapped, not copied.
/// </summary>
public sealed class Llama2cFile : IDisposable
{
    private const int HeaderBytes = 7 * sizeof(int);
    private const int VersionedMagic = 0x616B3432; // "ak42": versions 1 and 2

    private readonly MappedFile _file;
    private readonly Dictionary<string, (long Offset, Shape Shape)> _tensors = [];

    private Llama2cFile(MappedFile file, ReadOnlySpan<int> sizes)
    {
        _file = file;
        (EmbeddingSize, FeedForwardSize, LayerCount, HeadCount, KvHeadCount, ContextLength) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[6]);
        (VocabSize, TiedHead) = (Math.Abs(sizes[5]), sizes[5] > 0); // a negative size says that the head is stored apart
        Place();
    }

    /// <summary>The path that was opened.</summary>
    public string Path => _file.Path;

    /// <summary>C.</summary>
    public int EmbeddingSize { get; }

    /// <summary>F.</summary>
    public int FeedForwardSize { get; }

    /// <summary>L.</summary>
    public int LayerCount { get; }

    /// <summary>H.</summary>
    public int HeadCount { get; }

    /// <summary>K.</summary>
    public int KvHeadCount { get; }

    /// <summary>D: <c>C / H</c>.</summary>
    public int HeadSize => EmbeddingSize / HeadCount;

    /// <summary>V.</summary>
    public int VocabSize { get; }

    /// <summary>Longest sequence in tokens.</summary>
    public int ContextLength { get; }

    /// <summary>Whether the head is the embedding table.</summary>
    public bool TiedHead { get; }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Opens a file and checks that its sizes give its length.</summary>
    /// <exception cref="InvalidDataException">The sizes cannot belong together or the file has another length.</exception>
    /// <exception cref="NotSupportedException">Version 1 or 2 of the format.</exception>
    public static Llama2cFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        Llama2cFile? opened = null;
        try
        {
            if (file.Length < HeaderBytes) throw new InvalidDataException(
                $"{path}: header at byte 0: expected {HeaderBytes} bytes (seven sizes), got {file.Length} to the end of the file.");
            ReadOnlySpan<int> sizes = MemoryMarshal.Cast<byte, int>(file.GetSpan(0, HeaderBytes));
            Check(path, sizes, file.Length);
            return opened = new Llama2cFile(file, sizes);
        }
        finally
        {
            if (opened is null) file.Dispose();
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>A tensor over the mapped file; it must not be used after this file is disposed.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of this name.</exception>
    public Tensor GetTensor(string name)
    {
        (long offset, Shape shape) = Find(name);
        return new Tensor(shape, DType.F32, _file.GetStorage(name, offset, shape.Count * sizeof(float)));
    }

    /// <summary>Where a tensor's values start, in bytes from the start of the file.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of this name.</exception>
    public long OffsetOf(string name) => Find(name).Offset;

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _file.Dispose();

    private (long Offset, Shape Shape) Find(string name) => _tensors.TryGetValue(name, out (long, Shape) found) ? found : throw new InvalidDataException(
        $"{Path}: tensor '{name}' is missing; a llama2.c file of {LayerCount} layers has {_tensors.Count} tensors.");

    private static void Check(string path, ReadOnlySpan<int> sizes, long length)
    {
        if (sizes[0] == VersionedMagic) throw new NotSupportedException(
            $"{path}: llama2.c version {sizes[1]} at byte 4 is not supported; supported: version 0 (legacy). Export it again with --version 0, or convert it to GGUF.");
        ReadOnlySpan<string> fields = ["dim", "hidden_dim", "n_layers", "n_heads", "n_kv_heads", "vocab_size", "seq_len"];
        for (int i = 0; i < sizes.Length; i++)
            if (i == 5 ? sizes[i] is 0 or int.MinValue : sizes[i] < 1) throw new InvalidDataException(
                $"{path}: {fields[i]} at byte {i * sizeof(int)}: expected {(i == 5 ? "a size, negative for a head stored apart" : "at least 1")}, got {sizes[i]}; is it a llama2.c file?");
        if (sizes[0] % sizes[3] != 0) throw new InvalidDataException($"{path}: dim at byte 0: expected a multiple of n_heads {sizes[3]}, got {sizes[0]}; is it a llama2.c file?");
        (Int128 c, Int128 f, Int128 l, Int128 v, Int128 d, Int128 k) = (sizes[0], sizes[1], sizes[2], Math.Abs(sizes[5]), sizes[0] / sizes[3], sizes[4]);
        Int128 values = v * c * (sizes[5] > 0 ? 1 : 2) + l * (2 * c + 2 * c * c + 2 * k * d * c + 3 * f * c) + c + sizes[6] * (d / 2) * 2;
        Int128 expected = HeaderBytes + values * sizeof(float);
        if (length != expected) throw new InvalidDataException(
            $"{path}: length: expected {expected} bytes, as the seven sizes at byte 0 give, got {length}; is it a llama2.c file, and whole?");
    }

    // The order of the weights in the file. The rotary tables before a separate head are made from their formula instead (Models/WeightLoader).
    private void Place()
    {
        (int c, int f, int l, int v, int k) = (EmbeddingSize, FeedForwardSize, LayerCount, VocabSize, KvHeadCount * HeadSize);
        long offset = HeaderBytes;
        Add("token_embd.weight", new Shape(v, c));
        AddLayers("attn_norm", new Shape(c));
        AddLayers("attn_q", new Shape(c, c));
        AddLayers("attn_k", new Shape(k, c));
        AddLayers("attn_v", new Shape(k, c));
        AddLayers("attn_output", new Shape(c, c));
        AddLayers("ffn_norm", new Shape(c));
        AddLayers("ffn_gate", new Shape(f, c));
        AddLayers("ffn_down", new Shape(c, f));
        AddLayers("ffn_up", new Shape(f, c));
        Add("output_norm.weight", new Shape(c));
        offset += (long)ContextLength * (HeadSize / 2) * 2 * sizeof(float);
        if (!TiedHead) Add("output.weight", new Shape(v, c));

        void AddLayers(string name, Shape shape)
        {
            for (int layer = 0; layer < l; layer++) Add($"blk.{layer}.{name}.weight", shape);
        }

        void Add(string name, Shape shape)
        {
            _tensors.Add(name, (offset, shape));
            offset += shape.Count * sizeof(float);
        }
    }
}
