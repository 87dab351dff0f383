using System.Globalization;
using System.Text;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>What Python does with values: truth, text, equality, order, length, iteration. A value is null (none), bool, long, double, string or one of ours.</summary>
internal static class TemplateValues
{
    private const int DeepestNesting = 200;

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool b => b,
        long n => n != 0,
        double d => d != 0,
        string s => s.Length > 0,
        TemplateList list => list.IsGenerator || list.Items.Count > 0,
        TemplateMap map => map.Items.Count > 0,
        _ => true,
    };

    public static string TypeName(object? value) => value switch
    {
        null => "none", Undefined => "an undefined value", bool => "a boolean", long => "an integer", double => "a float", string => "a string",
        TemplateList { IsGenerator: true } => "a generator", TemplateList => "a list", TemplateMap => "a mapping", TemplateNamespace => "a namespace", _ => "a function",
    };

    /// <summary>As it is printed.</summary>
    public static string ToText(object? value) => value is string text ? text : value is Undefined ? "" : Represent(value);

    /// <summary>As Python writes it inside a list: strings in quotes.</summary>
    public static string Represent(object? value)
    {
        StringBuilder text = new();
        Represent(value, text, 0);
        return text.ToString();
    }

    public static string ToText(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        double size = Math.Abs(value);
        if (size != 0 && size is >= 1e16 or < 1e-4) // Python's repr changes to exponents here
        {
            string text = value.ToString("E16", CultureInfo.InvariantCulture);
            string digits = value.ToString("R", CultureInfo.InvariantCulture);
            int exponent = int.Parse(text[(text.IndexOf('E') + 1)..], CultureInfo.InvariantCulture);
            string mantissa = digits.Contains('E') ? digits[..digits.IndexOf('E')] : digits.Trim('0').TrimStart('-').Replace(".", "", StringComparison.Ordinal).TrimStart('0');
            if (!digits.Contains('E')) mantissa = (value < 0 ? "-" : "") + (mantissa.Length > 1 ? mantissa.Insert(1, ".") : mantissa).TrimEnd('0').TrimEnd('.');
            return $"{mantissa}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}";
        }
        string plain = value.ToString("R", CultureInfo.InvariantCulture);
        return plain.Contains('.') || plain.Contains('E') ? plain : plain + ".0";
    }

    public static bool AreEqual(object? a, object? b)
    {
        int budget = 1_000_000;
        return AreEqual(a, b, 0, ref budget);
    }

    /// <summary>Below zero: a comes first. Strings by code points, lists item by item.</summary>
    public static int Compare(object? a, object? b, int line, int depth = 0)
    {
        if (depth > DeepestNesting) throw TemplateErrors.At(line, "lists too deep to be compared.");
        switch (a, b)
        {
            case (string x, string y): return CompareText(x, y);
            case (bool or long or double, bool or long or double): return a is long m && b is long n ? m.CompareTo(n) : ToDouble(a).CompareTo(ToDouble(b));
            case (TemplateList x, TemplateList y):
                for (int i = 0; i < Math.Min(x.Items.Count, y.Items.Count); i++)
                    if (!AreEqual(x.Items[i], y.Items[i])) return Compare(x.Items[i], y.Items[i], line, depth + 1);
                return x.Items.Count.CompareTo(y.Items.Count);
            default: throw TemplateErrors.At(line, $"{TypeName(a)} and {TypeName(b)} have no order.");
        }
    }

    public static double ToDouble(object? number) => number switch { bool b => b ? 1 : 0, long n => n, double d => d, _ => double.NaN };

    /// <summary>The characters of a text, each a string: Python counts code points, not UTF-16 units.</summary>
    public static List<object?> Characters(string text)
    {
        List<object?> characters = new(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            characters.Add(text.Substring(i, length));
            i += length;
        }
        return characters;
    }

    /// <summary>The items that a loop sees.</summary>
    public static List<object?> Iterate(object? value, int line) => value switch
    {
        TemplateList list => [.. list.Items],
        TemplateMap map => [.. map.Items.Keys],
        string text => Characters(text),
        Undefined => [],
        _ => throw TemplateErrors.At(line, $"expected something with items, got {TypeName(value)}."),
    };

    public static long Length(object? value, int line) => value switch
    {
        string text => text.Length - text.Count(char.IsLowSurrogate),
        TemplateList { IsGenerator: false } list => list.Items.Count,
        TemplateMap map => map.Items.Count,
        Undefined => 0,
        _ => throw TemplateErrors.At(line, $"{TypeName(value)} has no length."),
    };

    public static bool Contains(object? container, object? item, int line) => container switch
    {
        string text => item is string part ? text.Contains(part, StringComparison.Ordinal)
            : throw TemplateErrors.At(line, $"expected a string before 'in', got {TypeName(item)}."),
        TemplateMap map => item is not null && map.Items.ContainsKey(item),
        _ => Iterate(container, line).Any(other => AreEqual(other, item)),
    };

    private static void Represent(object? value, StringBuilder text, int depth)
    {
        // A template can make a list that holds itself, or twice as many items in each round.
        if (depth > DeepestNesting || text.Length > TemplateLimits.MostCharacters)
            throw new InvalidDataException($"Chat template: a value nested more than {DeepestNesting} deep, or of more than {TemplateLimits.MostCharacters} characters, has no text.");
        switch (value)
        {
            case null: text.Append("None"); break;
            case bool b: text.Append(b ? "True" : "False"); break;
            case long n: text.Append(n); break;
            case double d: text.Append(ToText(d)); break;
            case string s: text.Append(Quote(s)); break;
            case Undefined: text.Append("Undefined"); break;
            case TemplateList { IsGenerator: false } list:
                text.Append(list.IsTuple ? '(' : '[');
                for (int i = 0; i < list.Items.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    Represent(list.Items[i], text, depth + 1);
                }
                text.Append(list.IsTuple ? list.Items.Count == 1 ? ",)" : ")" : "]");
                break;
            case TemplateMap map:
                text.Append('{');
                for (int i = 0; i < map.Items.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    (object key, object? item) = map.Items.GetAt(i);
                    Represent(key, text, depth + 1);
                    text.Append(": ");
                    Represent(item, text, depth + 1);
                }
                text.Append('}');
                break;
            default: text.Append('<').Append(TypeName(value)).Append('>'); break;
        }
    }

    private static bool AreEqual(object? a, object? b, int depth, ref int budget)
    {
        if (depth > DeepestNesting || --budget < 0) throw new InvalidDataException("Chat template: values too deep or too large to be compared.");
        switch (a, b)
        {
            case (string x, string y): return string.Equals(x, y, StringComparison.Ordinal);
            case (bool or long or double, bool or long or double): return a is long m && b is long n ? m == n : ToDouble(a) == ToDouble(b);
            case (null, null) or (Undefined, Undefined): return true;
            case (TemplateList x, TemplateList y):
                if (ReferenceEquals(x, y)) return true;
                bool areEqual = x.IsTuple == y.IsTuple && x.Items.Count == y.Items.Count;
                for (int i = 0; areEqual && i < x.Items.Count; i++) areEqual = AreEqual(x.Items[i], y.Items[i], depth + 1, ref budget);
                return areEqual;
            case (TemplateMap x, TemplateMap y):
                bool areSame = x.Items.Count == y.Items.Count;
                foreach ((object key, object? value) in x.Items)
                    areSame = areSame && y.Items.TryGetValue(key, out object? other) && AreEqual(value, other, depth + 1, ref budget);
                return areSame;
            default: return a is not null && ReferenceEquals(a, b);
        }
    }

    private static int CompareText(string a, string b)
    {
        int i = 0;
        while (i < a.Length && i < b.Length && a[i] == b[i]) i++;
        if (i == a.Length || i == b.Length) return a.Length.CompareTo(b.Length);
        // Surrogates stand for code points above all others.
        return (char.IsSurrogate(a[i]) != char.IsSurrogate(b[i])) ? char.IsSurrogate(a[i]).CompareTo(char.IsSurrogate(b[i])) : a[i].CompareTo(b[i]);
    }

    private static string Quote(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        StringBuilder result = new StringBuilder(text.Length + 2).Append(quote);
        foreach (char c in text)
        {
            if (c == quote || c == '\\') result.Append('\\').Append(c);
            else if (c is '\n' or '\r' or '\t') result.Append('\\').Append(c switch { '\n' => 'n', '\r' => 'r', _ => 't' });
            else if (c < ' ' || c == 0x7F) result.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else result.Append(c);
        }
        return result.Append(quote).ToString();
    }
}
