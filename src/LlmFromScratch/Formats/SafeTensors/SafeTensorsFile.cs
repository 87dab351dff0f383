using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.SafeTensors;

/// <summary>
/// A safetensors file: named tensors over mapped memory, as PyTorch's world publishes weights. Opening reads the header and checks all of it;
/// values are read by the operating system when they are touched. Knows nothing about models: Models/HuggingFace gives the names a meaning.
/// Taught in notebooks/15-real-checkpoints.ipynb (to come).
/// </summary>
public sealed class SafeTensorsFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, SafeTensorsInfo> _tensors;

    private SafeTensorsFile(MappedFile file, SafeTensorsHeader header)
    {
        (_file, Metadata, Tensors) = (file, header.Metadata, header.Tensors);
        _tensors = header.Tensors.ToDictionary(t => t.Name);
    }

    /// <summary>The path that was opened.</summary>
    public string Path => _file.Path;

    /// <summary>The size of the file in bytes.</summary>
    public long ByteLength => _file.Length;

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>All tensors in the header's order.</summary>
    public IReadOnlyList<SafeTensorsInfo> Tensors { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="InvalidDataException">The file breaks the format; the message names field, byte, expected and got.</exception>
    /// <exception cref="NotSupportedException">A type that is not known.</exception>
    public static SafeTensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        SafeTensorsHeader? header = null;
        try
        {
            header = SafeTensorsHeader.Parse(path, file.GetSpan(0, (int)Math.Min(file.Length, int.MaxValue)), file.Length); // a header has at most 100 MB
            return new SafeTensorsFile(file, header);
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
    /// A scalar comes as [1]. Writing to it changes this process's view only, never the file.
    /// </summary>
    /// <exception cref="InvalidDataException">The file has no tensor of this name.</exception>
    /// <exception cref="NotSupportedException">The engine has no type for it, or it has more than four axes.</exception>
    public Tensor GetTensor(string name)
    {
        SafeTensorsInfo info = Find(name);
        if (info.Type.DType is not DType dtype) throw new NotSupportedException(
            $"{Path}: tensor '{name}' at byte {info.Offset} has dtype {info.Type}; supported: {SafeTensorsType.LoadableNames}.");
        if (info.Sizes.Count > 4 || info.Sizes.Any(size => size > int.MaxValue)) throw new NotSupportedException(
            $"{Path}: tensor '{name}' at byte {info.Offset} has shape [{string.Join(", ", info.Sizes)}]; supported: up to 4 axes of up to {int.MaxValue}.");
        Shape shape = info.Sizes.Count == 0 ? new Shape(1) : new Shape([.. info.Sizes.Select(size => (int)size)]);
        return new Tensor(shape, dtype, _file.GetStorage(name, info.Offset, info.ByteLength));
    }

    /// <summary>The bytes of a tensor of any type, as they lie in the file; valid as long as <see cref="GetTensor"/>'s.</summary>
    /// <exception cref="InvalidDataException">The file has no tensor of this name.</exception>
    /// <exception cref="NotSupportedException">It is larger than 2 GiB.</exception>
    public ReadOnlyMemory<byte> GetBytes(string name) => Map(Find(name));

    /// <summary>Unmaps the file. A tensor used afterwards throws <see cref="ObjectDisposedException"/>; a span taken before must not be used.</summary>
    public void Dispose() => _file.Dispose();

    private SafeTensorsInfo Find(string name) => _tensors.TryGetValue(name, out SafeTensorsInfo? info) ? info : throw new InvalidDataException(
        $"{Path}: tensor '{name}' is missing; the file has {Tensors.Count} tensors.");

    private Memory<byte> Map(SafeTensorsInfo info) => _file.GetMemory(info.Name, info.Offset, info.ByteLength);
}
