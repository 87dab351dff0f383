using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>
/// A GGUF file (versions 2 and 3, little-endian): metadata and named tensors over mapped memory. Opening reads the header and checks all of it;
/// weights are read by the operating system when they are touched. Knows nothing about models: Models/ gives the names a meaning.
/// Taught in notebooks/15-real-checkpoints.ipynb (to come).
/// </summary>
public sealed class GgufFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, GgufTensorInfo> _tensors;

    private GgufFile(MappedFile file, GgufHeader header)
    {
        (_file, Version, Metadata, Tensors) = (file, header.Version, header.Metadata, header.Tensors);
        _tensors = header.Tensors.ToDictionary(t => t.Name);
    }

    /// <summary>The path that was opened.</summary>
    public string Path => _file.Path;

    /// <summary>The size of the file in bytes.</summary>
    public long ByteLength => _file.Length;

    /// <summary>The version of the format: 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>The key/value pairs.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>All tensors in the file's order; none in a vocabulary-only file.</summary>
    public IReadOnlyList<GgufTensorInfo> Tensors { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="InvalidDataException">The file breaks the format; the message names field, byte, expected and got.</exception>
    /// <exception cref="NotSupportedException">Another version, a big-endian file, or a tensor type that is not known.</exception>
    public static GgufFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        GgufHeader? header = null;
        try
        {
            ReadOnlySpan<byte> start = file.GetSpan(0, (int)Math.Min(file.Length, int.MaxValue)); // headers are far below 2 GiB
            header = GgufHeader.Parse(path, start, file.Length);
            return new GgufFile(file, header);
        }
        finally
        {
            if (header is null) file.Dispose(); // a refused file is not kept open
        }
    }

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>
    /// A tensor over the mapped file: nothing is copied, and disposing the tensor does nothing. It must not be used after this file is disposed.
    /// Writing to it changes this process's view only, never the file.
    /// </summary>
    /// <exception cref="InvalidDataException">The file has no tensor of this name.</exception>
    /// <exception cref="NotSupportedException">The engine has no type for it.</exception>
    public Tensor GetTensor(string name)
    {
        GgufTensorInfo info = Find(name);
        return info.Type.DType is DType dtype ? new Tensor(info.Shape, dtype, _file.GetStorage(name, info.Offset, info.ByteLength)) : throw new NotSupportedException(
            $"{Path}: tensor '{name}' at byte {info.Offset} has type {info.Type}; supported: {GgufTensorType.LoadableNames}.");
    }

    /// <summary>The bytes of a tensor of any type, as they lie in the file; valid as long as <see cref="GetTensor"/>'s.</summary>
    /// <exception cref="InvalidDataException">The file has no tensor of this name.</exception>
    /// <exception cref="NotSupportedException">It is larger than 2 GiB.</exception>
    public ReadOnlyMemory<byte> GetBytes(string name)
    {
        GgufTensorInfo info = Find(name);
        return _file.GetMemory(name, info.Offset, info.ByteLength);
    }

    /// <summary>The same in pieces, for tensors of any size.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> GetParts(string name)
    {
        const long most = 1 << 30;
        GgufTensorInfo info = Find(name);
        for (long start = 0; start < info.ByteLength; start += most)
            yield return _file.GetMemory(name, info.Offset + start, Math.Min(most, info.ByteLength - start));
    }

    /// <summary>Unmaps the file. A tensor used afterwards throws <see cref="ObjectDisposedException"/>; a span taken before must not be used.</summary>
    public void Dispose() => _file.Dispose();

    private GgufTensorInfo Find(string name) => _tensors.TryGetValue(name, out GgufTensorInfo? info) ? info : throw new InvalidDataException(
        $"{Path}: tensor '{name}' is missing; the file has {Tensors.Count} tensors. Is it a vocabulary-only file or another architecture?");
}
