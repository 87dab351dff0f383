using System.Text;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>Writes metadata values; the .NET type of a value decides its type in the file.</summary>
internal static class GgufValueWriter
{
    private static readonly Dictionary<Type, GgufValueType> Types = new()
    {
        [typeof(byte)] = GgufValueType.UInt8, [typeof(sbyte)] = GgufValueType.Int8, [typeof(ushort)] = GgufValueType.UInt16,
        [typeof(short)] = GgufValueType.Int16, [typeof(uint)] = GgufValueType.UInt32, [typeof(int)] = GgufValueType.Int32,
        [typeof(ulong)] = GgufValueType.UInt64, [typeof(long)] = GgufValueType.Int64, [typeof(float)] = GgufValueType.Float32,
        [typeof(double)] = GgufValueType.Float64, [typeof(bool)] = GgufValueType.Bool, [typeof(string)] = GgufValueType.String,
    };

    /// <summary>Refuses a value that a file could not give back equal.</summary>
    public static void Check(string key, object value, int depth = 0)
    {
        ArgumentNullException.ThrowIfNull(value, $"value of '{key}'");
        if (value is Array { Rank: 1 } array && depth <= GgufCursor.MaxArrayDepth)
        {
            if (value is Array[] or string[]) foreach (object item in array) Check(key, item, depth + 1);
            else if (TypeOfItem(array) is null) Refuse(key, value);
        }
        else if (!Types.ContainsKey(value.GetType())) Refuse(key, value);
    }

    /// <summary>Writes the type, then the value.</summary>
    public static void WriteTyped(BinaryWriter writer, object value)
    {
        writer.Write((uint)(value is Array ? GgufValueType.Array : Types[value.GetType()]));
        WriteValue(writer, value);
    }

    /// <summary>Writes the length in bytes, then UTF-8.</summary>
    public static void WriteString(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case ulong v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case double v: writer.Write(v); break;
            case bool v: writer.Write(v); break;
            case string v: WriteString(writer, v); break;
            case Array array:
                writer.Write((uint)TypeOfItem(array)!); // not null: checked when it was added
                writer.Write((ulong)array.Length);
                foreach (object? element in array) WriteValue(writer, element!); // not null: checked when it was added
                break;
        }
    }

    private static GgufValueType? TypeOfItem(Array array)
    {
        if (array is Array[]) return GgufValueType.Array;
        Type item = array.GetType().GetElementType()!; // not null: the type is an array's
        return Types.TryGetValue(item, out GgufValueType type) ? type : null;
    }

    private static void Refuse(string key, object value) => throw new ArgumentException(
        $"GgufWriter: metadata key '{key}' has type {value.GetType().Name}; expected a number, bool, string, an array of one of them, "
        + $"or Array[] at most {GgufCursor.MaxArrayDepth} deep.", nameof(value));
}
