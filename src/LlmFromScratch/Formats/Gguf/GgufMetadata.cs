using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>
/// The key/value pairs of a GGUF file, in the file's order. A value is the .NET type of the same name: byte, sbyte, ushort, short, uint,
/// int, ulong, long, float, double, bool, string, an array of one of these, or <c>Array[]</c> for an array of arrays.
/// </summary>
public sealed class GgufMetadata : IEnumerable<KeyValuePair<string, object>>
{
    private readonly string _file;
    private readonly OrderedDictionary<string, object> _values = [];

    internal GgufMetadata(string file) => _file = file;

    /// <summary>The number of keys.</summary>
    public int Count => _values.Count;

    /// <summary>The value of a key, whatever its type.</summary>
    /// <exception cref="InvalidDataException">The file has no such key.</exception>
    public object this[string key] => _values.TryGetValue(key, out object? value) ? value : throw new InvalidDataException(
        $"{_file}: metadata key '{key}' is missing. The file has {Count} keys; was it made for another purpose or by an older converter?");

    /// <summary>Whether the file has the key.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>The value of a key, whatever its type; false where the file has no such key.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value) => _values.TryGetValue(key, out value);

    /// <summary>A text.</summary>
    /// <exception cref="InvalidDataException">The key is missing or holds another type.</exception>
    public string GetString(string key) => As<string>(key, this[key]);

    /// <summary>A text; false where the key is missing.</summary>
    /// <exception cref="InvalidDataException">The key holds another type.</exception>
    public bool TryGetString(string key, [MaybeNullWhen(false)] out string value)
    {
        value = TryGetValue(key, out object? found) ? As<string>(key, found) : null;
        return value is not null;
    }

    /// <summary>A whole number, stored in any integer type, that fits an int.</summary>
    /// <exception cref="InvalidDataException">The key is missing, no integer, or out of an int's range.</exception>
    public int GetInt32(string key) => ToInt32(key, this[key]);

    /// <summary>A whole number, stored in any integer type, that fits an int; false where the key is missing.</summary>
    /// <exception cref="InvalidDataException">The value is no integer or out of an int's range.</exception>
    public bool TryGetInt32(string key, out int value)
    {
        bool exists = TryGetValue(key, out object? found);
        value = exists ? ToInt32(key, found!) : 0; // not null: the key exists
        return exists;
    }

    /// <summary>A number stored as float32 or float64.</summary>
    /// <exception cref="InvalidDataException">The key is missing or holds another type.</exception>
    public float GetSingle(string key) => ToSingle(key, this[key]);

    /// <summary>A number stored as float32 or float64; false where the key is missing.</summary>
    /// <exception cref="InvalidDataException">The key holds another type.</exception>
    public bool TryGetSingle(string key, out float value)
    {
        bool exists = TryGetValue(key, out object? found);
        value = exists ? ToSingle(key, found!) : 0; // not null: the key exists
        return exists;
    }

    /// <summary>True or false.</summary>
    /// <exception cref="InvalidDataException">The key is missing or holds another type.</exception>
    public bool GetBoolean(string key) => As<bool>(key, this[key]);

    /// <summary>True or false; false is returned where the key is missing.</summary>
    /// <exception cref="InvalidDataException">The key holds another type.</exception>
    public bool TryGetBoolean(string key, out bool value)
    {
        bool exists = TryGetValue(key, out object? found);
        value = exists && As<bool>(key, found!); // not null: the key exists
        return exists;
    }

    /// <summary>An array whose items are stored exactly as <typeparamref name="T"/>: string, float, int, ... Not a copy; do not change it.</summary>
    /// <exception cref="InvalidDataException">The key is missing or holds another type.</exception>
    public T[] GetArray<T>(string key) => As<T[]>(key, this[key]);

    /// <summary>As <see cref="GetArray{T}"/>; false where the key is missing.</summary>
    /// <exception cref="InvalidDataException">The key holds another type.</exception>
    public bool TryGetArray<T>(string key, [MaybeNullWhen(false)] out T[] value)
    {
        value = TryGetValue(key, out object? found) ? As<T[]>(key, found) : null;
        return value is not null;
    }

    /// <summary>The pairs in the file's order.</summary>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool TryAdd(string key, object value) => _values.TryAdd(key, value);

    private int ToInt32(string key, object value)
    {
        Int128 number = value switch
        {
            byte v => v, sbyte v => v, ushort v => v, short v => v, uint v => v, int v => v, ulong v => v, long v => v,
            _ => throw WrongType(key, "an integer", value),
        };
        return number >= int.MinValue && number <= int.MaxValue ? (int)number : throw new InvalidDataException(
            $"{_file}: metadata key '{key}': expected an integer from {int.MinValue} to {int.MaxValue}, got {number}.");
    }

    private float ToSingle(string key, object value) => value switch
    {
        float v => v,
        double v => (float)v,
        _ => throw WrongType(key, "a floating-point number", value),
    };

    private T As<T>(string key, object value) =>
        // The exact type: the runtime would also let an int[] pass for a uint[].
        value.GetType() == typeof(T) ? (T)value : throw WrongType(key, typeof(T).Name, value);

    private InvalidDataException WrongType(string key, string expected, object value) => new(
        $"{_file}: metadata key '{key}': expected {expected}, got {value.GetType().Name}"
        + (value is Array ? "." : string.Create(CultureInfo.InvariantCulture, $" ({value}).")));
}
