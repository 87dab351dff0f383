using System.Text;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>
/// Builds a GGUF version 3 file: metadata and tensors are written in the order in which they were added, so the same calls give the same bytes.
/// Tensors are aligned to what the key general.alignment says, to 32 bytes without it. <see cref="GgufFile"/> reads the file back equal.
/// </summary>
public sealed class GgufWriter
{
    private const uint Version = 3;

    private readonly GgufMetadata _metadata = new("new GGUF file");
    private readonly OrderedDictionary<string, Entry> _tensors = [];
    private uint _alignment = GgufHeader.DefaultAlignment;

    private sealed record Entry(Shape Shape, GgufTensorType Type, IEnumerable<ReadOnlyMemory<byte>> Parts)
    {
        public long ByteLength { get; } = Type.ByteCount(Shape);
    }

    /// <summary>Adds a key. The value's .NET type decides the type in the file: see <see cref="GgufMetadata"/>.</summary>
    /// <returns>This writer, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The key was added before, the type has no counterpart in GGUF, or the alignment is none.</exception>
    public GgufWriter Add(string key, object value)
    {
        GgufValueWriter.Check(key, value);
        if (key == GgufHeader.AlignmentKey) _alignment = GgufHeader.IsAlignment(value, out uint alignment) ? alignment : throw new ArgumentException(
            $"GgufWriter: {key} is {value} ({value.GetType().Name}); expected {GgufHeader.AlignmentRule}.", nameof(value));
        if (!_metadata.TryAdd(key, value)) throw new ArgumentException($"GgufWriter: metadata key '{key}' was added before.", nameof(key));
        return this;
    }

    /// <summary>Adds all pairs of another file's metadata.</summary>
    /// <returns>This writer.</returns>
    /// <exception cref="ArgumentException">As <see cref="Add(string, object)"/>.</exception>
    public GgufWriter Add(GgufMetadata metadata)
    {
        foreach ((string key, object value) in metadata) Add(key, value);
        return this;
    }

    /// <summary>Adds a host tensor; its bytes are read when the file is written.</summary>
    /// <returns>This writer.</returns>
    /// <exception cref="ArgumentException">The name was added before.</exception>
    public GgufWriter Add(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Add(name, tensor.Shape, GgufTensorType.Of(tensor.DType), tensor.HostParts());
    }

    /// <summary>
    /// Adds a tensor of any type whose bytes are made, part by part, when the file is written: a large file never lies in memory whole.
    /// </summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">The sizes, slowest axis first; the last is a multiple of the type's block size.</param>
    /// <param name="type">How the bytes store the values.</param>
    /// <param name="parts">The bytes in the file's order; all parts together have exactly the tensor's size.</param>
    /// <returns>This writer.</returns>
    /// <exception cref="ArgumentException">The name was added before, or the rows are not whole blocks.</exception>
    public GgufWriter Add(string name, Shape shape, GgufTensorType type, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(parts);
        if (!_tensors.TryAdd(name, new Entry(shape, type, parts))) throw new ArgumentException($"GgufWriter: tensor '{name}' was added before.", nameof(name));
        return this;
    }

    /// <summary>Writes the file beside <paramref name="path"/>, then renames it: whoever opens the path finds the old file or the whole new one.</summary>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the file's bytes from the stream's position on; the stream need not seek.</summary>
    /// <exception cref="InvalidOperationException">The parts of a tensor have another size than the tensor.</exception>
    public void Write(Stream stream)
    {
        using MemoryStream header = new();
        using (BinaryWriter writer = new(header, Encoding.UTF8, leaveOpen: true)) WriteHeader(writer);
        header.WriteTo(stream);
        if (_tensors.Count > 0) Pad(stream, header.Length);
        foreach ((string name, Entry tensor) in _tensors)
        {
            FileParts.Write(stream, tensor.Parts, tensor.ByteLength, $"GgufWriter: tensor '{name}' {tensor.Shape} of {tensor.Type}");
            Pad(stream, tensor.ByteLength);
        }
    }

    private void WriteHeader(BinaryWriter writer)
    {
        writer.Write(GgufHeader.Magic);
        writer.Write(Version);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_metadata.Count);
        foreach ((string key, object value) in _metadata)
        {
            GgufValueWriter.WriteString(writer, key);
            GgufValueWriter.WriteTyped(writer, value);
        }
        long offset = 0; // from the start of the data
        foreach ((string name, Entry tensor) in _tensors)
        {
            GgufValueWriter.WriteString(writer, name);
            writer.Write((uint)tensor.Shape.Rank);
            for (int axis = tensor.Shape.Rank - 1; axis >= 0; axis--) writer.Write((ulong)tensor.Shape[axis]); // fastest first
            writer.Write(tensor.Type.Id);
            writer.Write((ulong)offset);
            offset += GgufHeader.Align(tensor.ByteLength, _alignment);
        }
    }

    private void Pad(Stream stream, long length)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[256];
        for (long left = GgufHeader.Align(length, _alignment) - length; left > 0; left -= zeros.Length)
            stream.Write(zeros[..(int)Math.Min(left, zeros.Length)]);
    }
}
