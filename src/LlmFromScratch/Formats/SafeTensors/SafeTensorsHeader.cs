using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace LlmFromScratch.Formats.SafeTensors;

/// <summary>
/// What stands before the values in a safetensors file: <c>length (8 bytes) JSON</c>, the JSON being
/// <c>{"__metadata__": {key: text}, name: {"dtype": .., "shape": [..], "data_offsets": [begin, end]}, ...}</c> and offsets counted from its end.
/// Source: the format's description in the safetensors repository, section Format.
/// </summary>
internal sealed record SafeTensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafeTensorsInfo> Tensors)
{
    /// <summary>The key of the texts that belong to the whole file.</summary>
    public const string MetadataKey = "__metadata__";

    private const int LengthBytes = sizeof(ulong);
    private const int MostBytes = 100_000_000; // the format's own limit on the JSON

    /// <summary>Reads and checks a header.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="bytes">The file's first bytes: all of them, or as many as a span can hold.</param>
    /// <param name="fileLength">The size of the whole file in bytes.</param>
    public static SafeTensorsHeader Parse(string file, ReadOnlySpan<byte> bytes, long fileLength)
    {
        if (bytes.Length < LengthBytes) throw new InvalidDataException(
            $"{file}: header length at byte 0: expected {LengthBytes} bytes, got {bytes.Length} to the end of the file; is it cut off?");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        long most = Math.Min(MostBytes, fileLength - LengthBytes);
        if (length > (ulong)most) throw new InvalidDataException(
            $"{file}: header length at byte 0: expected at most {most} bytes, got {length}; is it a safetensors file, and whole?");
        ReadOnlySpan<byte> json = bytes.Slice(LengthBytes, (int)length);
        if (json.IsEmpty || json[0] != '{') throw new InvalidDataException(
            $"{file}: header at byte {LengthBytes}: expected '{{', got {(json.IsEmpty ? "nothing" : $"the byte {json[0]:X2}")}.");
        if (!Utf8.IsValid(json)) throw new InvalidDataException($"{file}: header at byte {LengthBytes}: expected UTF-8 text, got {length} bytes that are not UTF-8.");

        SafeTensorsCursor cursor = new(file, json, LengthBytes);
        Dictionary<string, string>? metadata = null;
        OrderedDictionary<string, SafeTensorsInfo> tensors = [];
        long dataStart = LengthBytes + (long)length;
        cursor.Expect(JsonTokenType.StartObject, "header");
        while (cursor.NextKey("header", out string name))
        {
            long start = cursor.Offset;
            bool isNew = name == MetadataKey ? metadata is null : !tensors.ContainsKey(name);
            if (!isNew) throw cursor.Bad("header", "a new name", $"'{name}' again");
            if (name == MetadataKey) metadata = ReadMetadata(ref cursor);
            else tensors.Add(name, ReadTensor(file, name, start, ref cursor, dataStart, fileLength));
        }
        cursor.ExpectEnd("header");
        RefuseHoles(file, [.. tensors.Values], dataStart, fileLength);
        return new SafeTensorsHeader(metadata ?? [], [.. tensors.Values]);
    }

    private static Dictionary<string, string> ReadMetadata(ref SafeTensorsCursor cursor)
    {
        Dictionary<string, string> metadata = [];
        cursor.Expect(JsonTokenType.StartObject, MetadataKey);
        while (cursor.NextKey(MetadataKey, out string key))
            if (!metadata.TryAdd(key, cursor.ReadText($"{MetadataKey} '{key}'"))) throw cursor.Bad(MetadataKey, "a new key", $"'{key}' again");
        return metadata;
    }

    private static SafeTensorsInfo ReadTensor(string file, string name, long start, ref SafeTensorsCursor cursor, long dataStart, long fileLength)
    {
        string field = $"tensor '{name}'";
        string? typeName = null;
        List<long>? sizes = null, offsets = null;
        cursor.Expect(JsonTokenType.StartObject, field);
        while (cursor.NextKey(field, out string key))
        {
            bool isNew = (key, typeName, sizes, offsets) is not (("dtype", not null, _, _) or ("shape", _, not null, _) or ("data_offsets", _, _, not null));
            if (!isNew) throw cursor.Bad(field, "a new key", $"'{key}' again");
            if (key == "dtype") typeName = cursor.ReadText($"{field}: dtype");
            else if (key == "shape") sizes = cursor.ReadNumbers($"{field}: shape");
            else if (key == "data_offsets") offsets = cursor.ReadNumbers($"{field}: data_offsets");
            else cursor.Skip($"{field}: {key}");
        }
        if (typeName is null || sizes is null || offsets is null) throw Bad("keys", "dtype, shape and data_offsets", "some of them");
        SafeTensorsType type = SafeTensorsType.Find(typeName) ?? throw new NotSupportedException(
            $"{file}: {field} at byte {start} has dtype '{typeName}', which is not known; supported: {SafeTensorsType.Names}.");
        long dataLength = fileLength - dataStart;
        if (offsets.Count != 2 || offsets[0] > offsets[1] || offsets[1] > dataLength)
            throw Bad("data_offsets", $"begin and end within the file's {dataLength} bytes of values", $"[{string.Join(", ", offsets.Take(4))}]");
        long byteLength = offsets[1] - offsets[0], count = sizes.Contains(0) ? 0 : 1;
        foreach (long size in sizes)
        {
            if (count > 0 && count > dataLength / size) throw Bad("shape", $"at most the file's {dataLength} bytes of values", $"[{string.Join(", ", sizes.Take(8))}]");
            count *= size;
        }
        if (byteLength / type.ValueBytes != count || byteLength % type.ValueBytes != 0)
            throw Bad("data_offsets", $"{(Int128)count * type.ValueBytes} bytes ({count} values of {type})", $"{byteLength}");
        return new SafeTensorsInfo(name, type, sizes, dataStart + offsets[0], byteLength);

        InvalidDataException Bad(string part, string expected, string got) => new($"{file}: {field}: {part} at byte {start}: expected {expected}, got {got}.");
    }

    // The format wants every byte of the values to belong to one tensor: nothing can hide in a file, and nothing is there twice.
    private static void RefuseHoles(string file, SafeTensorsInfo[] tensors, long dataStart, long fileLength)
    {
        long end = dataStart;
        string previous = "the header";
        foreach (SafeTensorsInfo tensor in tensors.OrderBy(t => t.Offset).ThenBy(t => t.ByteLength))
        {
            if (tensor.Offset != end) throw new InvalidDataException($"{file}: tensor '{tensor.Name}' at byte {tensor.Offset}: expected to start where "
                + $"{previous} ends, at byte {end}; {(tensor.Offset < end ? "they overlap" : "there is a hole")}.");
            (end, previous) = (tensor.Offset + tensor.ByteLength, $"tensor '{tensor.Name}'");
        }
        if (end != fileLength) throw new InvalidDataException(
            $"{file}: end of the values: expected the file to end with {previous}, at byte {end}, got {fileLength - end} more bytes.");
    }
}
