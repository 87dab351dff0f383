using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Course.Checking;

/// <summary>
/// Writes a value as C# that a reader can paste into a cell: <c>[1, 0.5f]</c>. What holds more than <see cref="Most"/> numbers is cut after the first
/// few and says how many there are; numbers that <see cref="Lab.RandomNormal"/> drew are written as the call that draws them again.
/// </summary>
internal static class Literal
{
    /// <summary>So many numbers or texts are written in full.</summary>
    public const int Most = 16;

    private const int Shown = 4, MostCharacters = 80;

    /// <summary>The value as C#.</summary>
    /// <param name="value">A number, a text, an array, a tuple, a dictionary, a function or null.</param>
    /// <param name="texts">Values whose text is known, found by reference: functions, streams.</param>
    public static string Of(object? value, IReadOnlyDictionary<object, string>? texts = null) => value switch
    {
        null => "null",
        _ when texts is not null && texts.TryGetValue(value, out string? text) => text,
        bool flag => flag ? "true" : "false",
        string text => Text(text),
        char character => $"'{character}'",
        float number => Float(number),
        double number => Double(number),
        Enum member => $"{member.GetType().Name}.{member}",
        IFormattable whole => whole.ToString(null, CultureInfo.InvariantCulture),
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Of(tuple[i], texts)))})",
        BpeMerge merge => $"new({merge.Left}, {merge.Right}, {merge.Id})",
        byte[] bytes when AsText(bytes) is { } text => $"[.. {Text(text)}u8]",
        float[] numbers when numbers.Length > Most && SeededNumbers.SourceOf(numbers) is { } source => $"{source} /* {Beginning(numbers, Rounded)} */",
        Array array => CountOf(array) <= Most ? $"[{string.Join(", ", array.Cast<object?>().Select(item => Of(item, texts)))}]" : $"[{Beginning(array, item => Of(item, texts))} {array.Length} in all]",
        IDictionary table => $"new() {{ {string.Join(", ", table.Keys.Cast<object>().Select(key => $"[{Of(key)}] = {Of(table[key])}"))} }}",
        _ => "…",
    };

    // Leaves of nested arrays; a row of bytes that is a text is one.
    private static int CountOf(object? value) => value is Array array && !(array is byte[] bytes && AsText(bytes) is not null) ? array.Cast<object?>().Sum(CountOf) : 1;

    private static string Beginning(Array array, Func<object?, string> write) => string.Join(", ", array.Cast<object?>().Take(Shown).Select(write).Append("…"));

    private static string Rounded(object? number) => string.Create(CultureInfo.InvariantCulture, $"{number:G4}");

    private static string Float(float value) => value switch
    {
        float.NaN => "float.NaN",
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        _ when value == MathF.Truncate(value) && MathF.Abs(value) < 1e7f => value.ToString("F0", CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture) + "f",
    };

    private static string Double(double value) => value switch
    {
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Text(string text)
    {
        string shown = text.Length > MostCharacters ? text[..MostCharacters] : text;
        string quoted = "\"" + shown.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t").Replace("\"", "\\\"") + "\"";
        return shown.Length < text.Length ? $"{quoted} /* … {text.Length} characters */" : quoted;
    }

    private static string? AsText(byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        return text.Length > 0 && text.All(c => c is not '\uFFFD' && (!char.IsControl(c) || c is '\n' or '\t')) ? text : null;
    }
}
