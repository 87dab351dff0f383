using System.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>
/// What stands before the weights in a GGUF file: <c>"GGUF" version tensorCount keyCount (key value)* (name axes offset)*</c>, then padding up
/// to the alignment, then the tensors' bytes. Source: the GGUF specification (ggml/docs/gguf.md), versions 2 and 3.
/// </summary>
internal sealed record GgufHeader(uint Version, GgufMetadata Metadata, IReadOnlyList<GgufTensorInfo> Tensors)
{
    /// <summary>"GGUF" in little-endian order.</summary>
    public const uint Magic = 0x46554747;

    /// <summary>The alignment of a file that does not state one, in bytes.</summary>
    public const uint DefaultAlignment = 32;

    /// <summary>The key that states the alignment.</summary>
    public const string AlignmentKey = "general.alignment";

    /// <summary>What an alignment must be, for messages.</summary>
    public const string AlignmentRule = "a power of two of at least 8 stored as uint32";

    private const int MaxAxes = 4;
    private const int MinimumKeyBytes = sizeof(ulong) + sizeof(uint) + 1; // length of the key, type, the smallest value
    private const int MinimumTensorBytes = sizeof(ulong) + sizeof(uint) + sizeof(ulong) + sizeof(uint) + sizeof(ulong);

    /// <summary>Whether a value of <see cref="AlignmentKey"/> is an alignment.</summary>
    public static bool IsAlignment(object value, out uint alignment)
    {
        alignment = value is uint number ? number : 0;
        return alignment >= 8 && BitOperations.IsPow2(alignment);
    }

    /// <summary><paramref name="length"/> rounded up to a multiple of <paramref name="alignment"/>, both in bytes.</summary>
    public static long Align(long length, uint alignment) => (length + alignment - 1) & -(long)alignment;

    /// <summary>Reads and checks a header.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="bytes">The file's first bytes: all of them, or as many as a span can hold.</param>
    /// <param name="fileLength">The size of the whole file in bytes.</param>
    public static GgufHeader Parse(string file, ReadOnlySpan<byte> bytes, long fileLength)
    {
        GgufCursor cursor = new(file, bytes);
        uint magic = cursor.Read<uint>("magic");
        if (magic != Magic)
            throw cursor.Bad("magic", 0, "the bytes 47 47 55 46 (\"GGUF\")", BitConverter.ToString(bytes[..4].ToArray()).Replace('-', ' '));
        uint version = cursor.Read<uint>("version");
        if (version is not (2 or 3)) throw new NotSupportedException(
            $"{file}: GGUF version {version} at byte 4 is not supported; supported: 2 and 3, little-endian."
            + (version is 0x01000000 or 0x02000000 or 0x03000000 ? " This is a big-endian file: convert it again for a little-endian machine."
                : version == 1 ? " Version 1 counted with 32 bits and was made for two weeks in 2023: convert the model again." : ""));
        int tensorCount = cursor.ReadCount("tensor count", MinimumTensorBytes);
        int keyCount = cursor.ReadCount("metadata key count", MinimumKeyBytes);
        GgufMetadata metadata = ReadMetadata(file, ref cursor, keyCount);
        return new GgufHeader(version, metadata, ReadTensors(file, ref cursor, tensorCount, ReadAlignment(file, metadata), fileLength));
    }

    private static GgufMetadata ReadMetadata(string file, ref GgufCursor cursor, int count)
    {
        GgufMetadata metadata = new(file);
        for (int i = 0; i < count; i++)
        {
            int start = cursor.Position;
            string key = cursor.ReadString($"metadata key {i}");
            if (metadata.Contains(key)) throw cursor.Bad($"metadata key {i}", start, "a new key", $"'{key}' again");
            metadata.TryAdd(key, cursor.ReadValue($"metadata value '{key}'"));
        }
        return metadata;
    }

    private static uint ReadAlignment(string file, GgufMetadata metadata)
    {
        if (!metadata.TryGetValue(AlignmentKey, out object? value)) return DefaultAlignment;
        return IsAlignment(value, out uint alignment) ? alignment : throw new InvalidDataException(
            $"{file}: metadata key '{AlignmentKey}': expected {AlignmentRule}, got {value} ({value.GetType().Name}).");
    }

    private static GgufTensorInfo[] ReadTensors(string file, ref GgufCursor cursor, int count, uint alignment, long fileLength)
    {
        GgufTensorInfo[] tensors = new GgufTensorInfo[count];
        HashSet<string> names = new(count);
        for (int i = 0; i < count; i++)
        {
            int start = cursor.Position;
            string name = cursor.ReadString($"name of tensor {i}");
            if (!names.Add(name)) throw cursor.Bad($"name of tensor {i}", start, "a new name", $"'{name}' again");
            tensors[i] = ReadTensor(file, name, ref cursor, alignment, fileLength);
        }
        long dataStart = Align(cursor.Position, alignment);
        for (int i = 0; i < count; i++) tensors[i] = Place(file, tensors[i], dataStart, fileLength);
        RefuseOverlap(file, tensors);
        return tensors;
    }

    // Offset is still counted from the start of the data here; where that lies is known after the last tensor's entry.
    private static GgufTensorInfo ReadTensor(string file, string name, ref GgufCursor cursor, uint alignment, long fileLength)
    {
        string field = $"tensor '{name}'";
        int start = cursor.Position;
        uint axes = cursor.Read<uint>(field);
        if (axes is < 1 or > MaxAxes) throw cursor.Bad($"{field}: axes", start, $"1 to {MaxAxes}", axes.ToString());
        Span<int> sizes = stackalloc int[(int)axes];
        long valueCount = 1;
        for (int axis = (int)axes - 1; axis >= 0; axis--) // the file's first axis is the fastest, ours is the last
        {
            start = cursor.Position;
            ulong size = cursor.Read<ulong>(field);
            if (size > int.MaxValue) throw cursor.Bad($"{field}: size of an axis", start, $"at most {int.MaxValue}", size.ToString());
            sizes[axis] = (int)size;
            if (size != 0 && valueCount > long.MaxValue / (long)size)
                throw cursor.Bad($"{field}: sizes", start, "a product that fits 63 bits", "a larger one");
            valueCount *= (long)size;
        }
        start = cursor.Position;
        uint typeId = cursor.Read<uint>(field);
        GgufTensorType type = GgufTensorType.Find(typeId) ?? throw new NotSupportedException(
            $"{file}: {field} at byte {start} has ggml type {typeId}, which is not known; loadable are {GgufTensorType.LoadableNames}.");
        if (sizes[^1] % type.BlockSize != 0)
            throw cursor.Bad($"{field}: row length", start, $"a multiple of {type.BlockSize} ({type} blocks)", sizes[^1].ToString());
        if (valueCount / type.BlockSize > fileLength / type.BlockBytes)
            throw cursor.Bad($"{field}: size", start, $"at most the file's {fileLength} bytes", $"{valueCount} values of {type}");
        start = cursor.Position;
        ulong offset = cursor.Read<ulong>(field);
        if (offset % alignment != 0) throw cursor.Bad($"{field}: offset", start, $"a multiple of {alignment}", offset.ToString());
        if (offset > (ulong)fileLength) throw cursor.Bad($"{field}: offset", start, $"at most the file's {fileLength} bytes", offset.ToString());
        return new GgufTensorInfo(name, new Shape(sizes), type, (long)offset, valueCount / type.BlockSize * type.BlockBytes);
    }

    private static GgufTensorInfo Place(string file, GgufTensorInfo tensor, long dataStart, long fileLength)
    {
        long offset = dataStart + tensor.Offset; // no overflow: dataStart < 2^31 + 2^32 and Offset is at most the file's length
        return offset <= fileLength - tensor.ByteLength ? tensor with { Offset = offset } : throw new InvalidDataException(
            $"{file}: tensor '{tensor.Name}' at byte {offset}: expected {tensor.ByteLength} bytes, "
            + $"got {Math.Max(0, fileLength - offset)} to the end of the file; is it cut off?");
    }

    private static void RefuseOverlap(string file, GgufTensorInfo[] tensors)
    {
        GgufTensorInfo? previous = null;
        foreach (GgufTensorInfo tensor in tensors.Where(t => t.ByteLength > 0).OrderBy(t => t.Offset))
        {
            if (previous is not null && tensor.Offset < previous.Offset + previous.ByteLength) throw new InvalidDataException(
                $"{file}: tensor '{tensor.Name}' at byte {tensor.Offset}: expected to start after tensor '{previous.Name}', "
                + $"which ends at byte {previous.Offset + previous.ByteLength}; they overlap.");
            previous = tensor;
        }
    }
}
