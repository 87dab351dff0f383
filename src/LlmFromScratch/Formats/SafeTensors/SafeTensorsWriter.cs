using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.SafeTensors;

/// <summary>
/// Builds a safetensors file. Tensors are written in the order in which they were added, those with larger values first, so that every value lies
/// on a multiple of its size and the same calls give the same bytes. <see cref="SafeTensorsFile"/> reads the file back equal.
/// </summary>
public sealed class SafeTensorsWriter
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly OrderedDictionary<string, string> _metadata = [];
    private readonly OrderedDictionary<string, Entry> _tensors = [];

    private sealed record Entry(SafeTensorsType Type, IReadOnlyList<long> Sizes, IEnumerable<ReadOnlyMemory<byte>> Parts)
    {
        public long ByteLength { get; } = checked(Sizes.Aggregate(1L, (product, size) => product * size) * Type.ValueBytes);
    }

    /// <summary>Adds a text under <c>__metadata__</c>.</summary>
    /// <returns>This writer, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The key was added before.</exception>
    public SafeTensorsWriter Add(string key, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!_metadata.TryAdd(key, text)) throw new ArgumentException($"SafeTensorsWriter: metadata key '{key}' was added before.", nameof(key));
        return this;
    }

    /// <summary>Adds a host tensor; its bytes are read when the file is written.</summary>
    /// <returns>This writer.</returns>
    /// <exception cref="ArgumentException">The name was added before.</exception>
    /// <exception cref="NotSupportedException">A quantized tensor: safetensors has no blocks.</exception>
    public SafeTensorsWriter Add(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long[] sizes = [.. Enumerable.Range(0, tensor.Shape.Rank).Select(axis => (long)tensor.Shape[axis])];
        return Add(name, SafeTensorsType.Of(tensor.DType), sizes, tensor.HostParts());
    }

    /// <summary>Adds a tensor of any type whose bytes are made, part by part, when the file is written.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">How the bytes store the values.</param>
    /// <param name="sizes">The sizes, slowest axis first; none for a scalar.</param>
    /// <param name="parts">The bytes, little-endian; all parts together have exactly the tensor's size.</param>
    /// <returns>This writer.</returns>
    /// <exception cref="ArgumentException">The name was added before, is the reserved one, or a size is negative.</exception>
    public SafeTensorsWriter Add(string name, SafeTensorsType type, IReadOnlyList<long> sizes, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(parts);
        if (name == SafeTensorsHeader.MetadataKey) throw new ArgumentException($"SafeTensorsWriter: '{name}' is no tensor's name; add texts instead.", nameof(name));
        if (sizes.Any(size => size < 0))
            throw new ArgumentException($"SafeTensorsWriter: tensor '{name}': expected sizes of at least 0, got [{string.Join(", ", sizes)}].", nameof(sizes));
        if (!_tensors.TryAdd(name, new Entry(type, [.. sizes], parts)))
            throw new ArgumentException($"SafeTensorsWriter: tensor '{name}' was added before.", nameof(name));
        return this;
    }

    /// <summary>Writes the file beside <paramref name="path"/>, then renames it: whoever opens the path finds the old file or the whole new one.</summary>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the file's bytes from the stream's position on; the stream need not seek.</summary>
    /// <exception cref="InvalidOperationException">The parts of a tensor have another size than the tensor.</exception>
    public void Write(Stream stream)
    {
        KeyValuePair<string, Entry>[] ordered = [.. _tensors.OrderByDescending(pair => pair.Value.Type.ValueBytes)]; // a stable sort
        ReadOnlySpan<byte> json = Header(ordered);
        int padded = (json.Length + 7) / 8 * 8; // spaces after the JSON put the values on a multiple of 8
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(eight, (ulong)padded);
        stream.Write(eight);
        stream.Write(json);
        eight.Fill((byte)' ');
        stream.Write(eight[..(padded - json.Length)]);
        foreach ((string name, Entry tensor) in ordered) FileParts.Write(stream, tensor.Parts, tensor.ByteLength, $"SafeTensorsWriter: tensor '{name}'");
    }

    private ReadOnlySpan<byte> Header(KeyValuePair<string, Entry>[] tensors)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer, JsonOptions);
        json.WriteStartObject();
        if (_metadata.Count > 0)
        {
            json.WriteStartObject(SafeTensorsHeader.MetadataKey);
            foreach ((string key, string text) in _metadata) json.WriteString(key, text);
            json.WriteEndObject();
        }
        long offset = 0;
        foreach ((string name, Entry tensor) in tensors)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", tensor.Type.Name);
            WriteNumbers("shape", tensor.Sizes);
            WriteNumbers("data_offsets", [offset, offset += tensor.ByteLength]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;

        void WriteNumbers(string key, IEnumerable<long> numbers)
        {
            json.WriteStartArray(key);
            foreach (long number in numbers) json.WriteNumberValue(number);
            json.WriteEndArray();
        }
    }
}
