using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>Reads little-endian values from the start of a file; whatever would run over the end is refused before anything is allocated.</summary>
internal ref struct GgufCursor(string file, ReadOnlySpan<byte> bytes)
{
    /// <summary>How deep arrays of arrays may go: deeper nesting could overflow the stack.</summary>
    public const int MaxArrayDepth = 8;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The next byte to read.</summary>
    public int Position { get; private set; }

    /// <summary>A number of a fixed size.</summary>
    public T Read<T>(string field) where T : unmanaged => MemoryMarshal.Read<T>(Take((ulong)Unsafe.SizeOf<T>(), field));

    /// <summary>A number of things of at least <paramref name="minimumBytes"/> each; refused where so many cannot be left in the file.</summary>
    public int ReadCount(string field, int minimumBytes)
    {
        int start = Position;
        ulong count = Read<ulong>(field);
        int most = (_bytes.Length - Position) / minimumBytes;
        return count <= (ulong)most ? (int)count
            : throw Bad(field, start, $"at most {most} (what the rest of the file can hold)", $"{count}; is it cut off?");
    }

    /// <summary>A text: its length in bytes, then UTF-8.</summary>
    public string ReadString(string field)
    {
        int start = Position;
        ReadOnlySpan<byte> text = Take(Read<ulong>(field), field);
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text)
            : throw Bad(field, start, "UTF-8 text", $"{text.Length} bytes that are not UTF-8");
    }

    /// <summary>A metadata value: its type, then the value.</summary>
    public object ReadValue(string field) => ReadValue(ReadType(field), field, depth: 0);

    /// <summary>The exception for a field whose value is not allowed.</summary>
    public readonly InvalidDataException Bad(string field, long offset, string expected, string got) =>
        new($"{file}: {field} at byte {offset}: expected {expected}, got {got}{(got.EndsWith('?') ? "" : ".")}");

    private object ReadValue(GgufValueType type, string field, int depth) => type switch
    {
        GgufValueType.UInt8 => Read<byte>(field),
        GgufValueType.Int8 => Read<sbyte>(field),
        GgufValueType.UInt16 => Read<ushort>(field),
        GgufValueType.Int16 => Read<short>(field),
        GgufValueType.UInt32 => Read<uint>(field),
        GgufValueType.Int32 => Read<int>(field),
        GgufValueType.UInt64 => Read<ulong>(field),
        GgufValueType.Int64 => Read<long>(field),
        GgufValueType.Float32 => Read<float>(field),
        GgufValueType.Float64 => Read<double>(field),
        GgufValueType.Bool => ReadBool(field),
        GgufValueType.String => ReadString(field),
        _ => ReadArray(field, depth),
    };

    private Array ReadArray(string field, int depth)
    {
        if (depth == MaxArrayDepth) throw Bad(field, Position, $"arrays nested at most {MaxArrayDepth} deep", "a deeper one");
        GgufValueType type = ReadType(field);
        switch (type)
        {
            case GgufValueType.UInt8: return ReadNumbers<byte>(field);
            case GgufValueType.Int8: return ReadNumbers<sbyte>(field);
            case GgufValueType.UInt16: return ReadNumbers<ushort>(field);
            case GgufValueType.Int16: return ReadNumbers<short>(field);
            case GgufValueType.UInt32: return ReadNumbers<uint>(field);
            case GgufValueType.Int32: return ReadNumbers<int>(field);
            case GgufValueType.UInt64: return ReadNumbers<ulong>(field);
            case GgufValueType.Int64: return ReadNumbers<long>(field);
            case GgufValueType.Float32: return ReadNumbers<float>(field);
            case GgufValueType.Float64: return ReadNumbers<double>(field);
            case GgufValueType.Bool:
                bool[] flags = new bool[ReadCount(field, sizeof(byte))];
                for (int i = 0; i < flags.Length; i++) flags[i] = ReadBool(field);
                return flags;
            case GgufValueType.String:
                string[] texts = new string[ReadCount(field, sizeof(ulong))];
                for (int i = 0; i < texts.Length; i++) texts[i] = ReadString(field);
                return texts;
            default:
                Array[] arrays = new Array[ReadCount(field, sizeof(uint) + sizeof(ulong))];
                for (int i = 0; i < arrays.Length; i++) arrays[i] = ReadArray(field, depth + 1);
                return arrays;
        }
    }

    private T[] ReadNumbers<T>(string field) where T : unmanaged
    {
        int count = ReadCount(field, Unsafe.SizeOf<T>());
        return MemoryMarshal.Cast<byte, T>(Take((ulong)count * (ulong)Unsafe.SizeOf<T>(), field)).ToArray();
    }

    private bool ReadBool(string field)
    {
        byte value = Read<byte>(field);
        return value <= 1 ? value == 1 : throw Bad(field, Position - 1, "0 or 1 (a bool)", value.ToString());
    }

    private GgufValueType ReadType(string field)
    {
        uint type = Read<uint>(field);
        return type <= (uint)GgufValueType.Float64 ? (GgufValueType)type
            : throw Bad(field, Position - sizeof(uint), "a value type from 0 to 12", type.ToString());
    }

    private ReadOnlySpan<byte> Take(ulong count, string field)
    {
        int left = _bytes.Length - Position;
        if (count > (ulong)left) throw Bad(field, Position, $"{count} more bytes", $"{left} to the end of the file; is it cut off?");
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }
}
