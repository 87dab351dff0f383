using System.Text;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>
/// Builds a GGUF version 3 file: metadata and tensors are written in the order in which they were added, so the same calls give the same bytes.
/// Tensor data is aligned to 32 bytes. <see cref="GgufFile"/> reads it back equal.
/// </summary>
public sealed class GgufWriter
{
    private const uint Version = 3;

    private readonly GgufMetadata _metadata = new("new GGUF file");
    private readonly OrderedDictionary<string, Tensor> _tensors = [];

    /// <summary>Adds a key. The value's .NET type decides the type in the file: see <see cref="GgufMetadata"/>.</summary>
    /// <returns>This writer, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The key was added before, the type has no counterpart in GGUF, or it states another alignment than 32.</exception>
    public GgufWriter Add(string key, object value)
    {
        GgufValueWriter.Check(key, value);
        if (key == GgufHeader.AlignmentKey && value is not GgufHeader.DefaultAlignment) throw new ArgumentException(
            $"GgufWriter: {key} is {value}; expected uint {GgufHeader.DefaultAlignment}, the only alignment written.", nameof(value));
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
        if (!_tensors.TryAdd(name, tensor)) throw new ArgumentException($"GgufWriter: tensor '{name}' was added before.", nameof(name));
        return this;
    }

    /// <summary>Writes the file beside <paramref name="path"/>, then renames it: whoever opens the path finds the old file or the whole new one.</summary>
    public void Save(string path)
    {
        string partial = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write))
            {
                Write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial); // there only when writing failed; Delete does nothing otherwise
        }
    }

    /// <summary>Writes the file's bytes from the stream's position on; the stream need not seek.</summary>
    public void Write(Stream stream)
    {
        using MemoryStream header = new();
        using (BinaryWriter writer = new(header, Encoding.UTF8, leaveOpen: true)) WriteHeader(writer);
        header.SetLength(Align(header.Length)); // grows with zeros
        header.Position = 0;
        header.CopyTo(stream);
        Span<byte> zeros = stackalloc byte[(int)GgufHeader.DefaultAlignment];
        zeros.Clear();
        foreach ((_, Tensor tensor) in _tensors)
        {
            stream.Write(tensor.Bytes);
            stream.Write(zeros[..(int)(Align(tensor.ByteLength) - tensor.ByteLength)]);
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
        foreach ((string name, Tensor tensor) in _tensors)
        {
            GgufValueWriter.WriteString(writer, name);
            writer.Write((uint)tensor.Shape.Rank);
            for (int axis = tensor.Shape.Rank - 1; axis >= 0; axis--) writer.Write((ulong)tensor.Shape[axis]); // fastest first
            writer.Write(GgufTensorType.Of(tensor.DType).Id);
            writer.Write((ulong)offset);
            offset += Align(tensor.ByteLength);
        }
    }

    private static long Align(long length) => (length + GgufHeader.DefaultAlignment - 1) / GgufHeader.DefaultAlignment * GgufHeader.DefaultAlignment;
}
