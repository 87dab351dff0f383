using System.Globalization;
using System.Text;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>Python's two ways to put values into a text, <c>"%s" % x</c> and <c>"{}".format(x)</c>, and its way to write dates.</summary>
internal static class TemplateFormat
{
    private const int WidestField = 10_000;

    /// <summary>The text with its %-fields filled: %s %r %d %i %f %x %%, with width and precision.</summary>
    public static string Percent(string format, IReadOnlyList<object?> values, int line)
    {
        StringBuilder result = new();
        int used = 0;
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }
            int start = ++i;
            while (i < format.Length && (char.IsAsciiDigit(format[i]) || format[i] is '.' or '-' or '+' or ' ')) i++;
            if (i == format.Length) throw TemplateErrors.At(line, $"the format '{format}' ends inside a field.");
            if (format[i] == '%') result.Append('%');
            else if (used == values.Count) throw TemplateErrors.At(line, $"the format '{format}' has more fields than the {values.Count} values given.");
            else
            {
                string spec = format[start..i];
                result.Append(Field(values[used++], spec.StartsWith('-') ? "<" + spec[1..] : ">" + spec, format[i], line));
            }
        }
        return result.ToString();
    }

    /// <summary>The text with its fields in braces filled: by order, by number or by name, with a format behind a colon.</summary>
    public static string Braces(string format, CallArguments arguments)
    {
        StringBuilder result = new();
        int used = 0;
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c) i++; // doubled: one of them as it is
            else if (c == '{')
            {
                int end = format.IndexOf('}', i);
                if (end < 0) throw TemplateErrors.At(arguments.Line, $"the format '{format}' has a '{{' without '}}'.");
                string[] parts = format[(i + 1)..end].Split(':', 2);
                i = end;
                object? value = parts[0].Length == 0 || char.IsAsciiDigit(parts[0][0])
                    ? Positional(parts[0].Length == 0 ? used++ : int.Parse(parts[0], CultureInfo.InvariantCulture), arguments)
                    : arguments.Named.TryGetValue(parts[0], out object? named) ? named : throw TemplateErrors.At(arguments.Line, $"format: there is no value '{parts[0]}'.");
                string spec = parts.Length == 2 ? parts[1] : "";
                char kind = spec.Length > 0 && char.IsAsciiLetter(spec[^1]) ? spec[^1] : 's';
                result.Append(Field(value, spec.TrimEnd(kind), kind, arguments.Line));
                continue;
            }
            result.Append(c);
        }
        return result.ToString();
    }

    /// <summary>A moment as strftime writes it, in English; %-d is a number without a zero in front.</summary>
    public static string Date(DateTime moment, string format)
    {
        StringBuilder result = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }
            bool isShort = format[++i] == '-' && i + 1 < format.Length;
            if (isShort) i++;
            string text = DateField(moment, format[i]);
            result.Append(isShort && text.Length > 1 ? text.TrimStart('0').PadLeft(1, '0') : text);
        }
        return result.ToString();
    }

    private static string DateField(DateTime moment, char field)
    {
        string? pattern = field switch
        {
            'Y' => "yyyy", 'y' => "yy", 'm' => "MM", 'd' => "dd", 'H' => "HH", 'I' => "hh", 'M' => "mm", 'S' => "ss", 'B' => "MMMM", 'b' or 'h' => "MMM",
            'A' => "dddd", 'a' => "ddd", 'p' => "tt", 'F' => "yyyy-MM-dd", 'T' => "HH:mm:ss", 'D' => "MM/dd/yy", 'f' => "ffffff", 'R' => "HH:mm",
            'c' => "ddd MMM d HH:mm:ss yyyy", 'x' => "MM/dd/yy", 'X' => "HH:mm:ss", _ => null,
        };
        if (pattern is not null) return moment.ToString(pattern, CultureInfo.InvariantCulture);
        return field switch
        {
            'j' => moment.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'e' => moment.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'w' => ((int)moment.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'z' or 'Z' => "",
            '%' => "%",
            _ => "%" + field,
        };
    }

    private static object? Positional(int index, CallArguments arguments) => index < arguments.Positional.Count
        ? arguments.Positional[index]
        : throw TemplateErrors.At(arguments.Line, $"format: there is no value {index}.");

    // spec: [<>^][0]width[,][.precision]
    private static string Field(object? value, string spec, char kind, int line)
    {
        string align = spec.Length > 0 && spec[0] is '<' or '>' or '^' ? spec[..1] : "";
        string rest = spec[align.Length..].TrimStart('+', ' ');
        bool hasCommas = rest.Contains(',');
        string[] numbers = rest.Replace(",", "", StringComparison.Ordinal).Split('.');
        if (numbers.Length > 2 || !numbers.All(n => n.Length == 0 || int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            throw TemplateErrors.Unsupported(line, $"the format '{spec}{kind}'");
        int width = numbers[0].Length > 0 ? Math.Min(WidestField, int.Parse(numbers[0], CultureInfo.InvariantCulture)) : 0;
        int precision = numbers.Length == 2 && numbers[1].Length > 0 ? Math.Min(100, int.Parse(numbers[1], CultureInfo.InvariantCulture)) : -1;
        string text = kind switch
        {
            'r' => TemplateValues.Represent(value),
            'd' or 'i' => ToWhole(value, line).ToString(hasCommas ? "N0" : "D", CultureInfo.InvariantCulture),
            'f' or 'F' => TemplateValues.ToDouble(value).ToString((hasCommas ? "N" : "F") + (precision < 0 ? 6 : precision), CultureInfo.InvariantCulture),
            'x' => ToWhole(value, line).ToString("x", CultureInfo.InvariantCulture),
            's' => hasCommas && value is long n ? n.ToString("N0", CultureInfo.InvariantCulture) : TemplateValues.ToText(value),
            _ => throw TemplateErrors.Unsupported(line, $"the format '{kind}'"),
        };
        if (kind == 's' && precision >= 0 && text.Length > precision) text = text[..precision];
        if (numbers[0].StartsWith('0') && kind != 's') return text.StartsWith('-') ? "-" + text[1..].PadLeft(width - 1, '0') : text.PadLeft(width, '0');
        bool alignsLeft = align == "<" || (align.Length == 0 && value is string);
        return align == "^" ? text.PadLeft((width + text.Length) / 2).PadRight(width) : alignsLeft ? text.PadRight(width) : text.PadLeft(width);
    }

    private static long ToWhole(object? value, int line) => value switch
    {
        long n => n,
        bool b => b ? 1 : 0,
        double d when Math.Abs(d) < long.MaxValue => (long)d,
        _ => throw TemplateErrors.At(line, $"a format expects a number, got {TemplateValues.TypeName(value)}."),
    };
}
