namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The operators between two values, as Python has them: strings and lists are joined by + and repeated by *.</summary>
internal static class TemplateArithmetic
{
    public static object? Combine(string sign, object? left, object? right, int line)
    {
        switch (sign, left, right)
        {
            case ("~", _, _):
                string a = TemplateValues.ToText(left), b = TemplateValues.ToText(right);
                TemplateLimits.CheckLength((long)a.Length + b.Length, line);
                return a + b;
            case ("+", string x, string y):
                TemplateLimits.CheckLength((long)x.Length + y.Length, line);
                return x + y;
            case ("+", TemplateList x, TemplateList y):
                TemplateLimits.CheckLength((long)x.Items.Count + y.Items.Count, line);
                return new TemplateList([.. x.Items, .. y.Items], x.IsTuple);
            case ("*", string x, long times): return Repeat(x, times, line);
            case ("*", long times, string x): return Repeat(x, times, line);
            case ("%", string format, _): return TemplateFormat.Percent(format, right is TemplateList { IsTuple: true } tuple ? tuple.Items : [right], line);
            case (_, bool or long, bool or long) when sign != "/": return Whole(sign, ToWhole(left), ToWhole(right), line);
            case (_, bool or long or double, bool or long or double): return Real(sign, TemplateValues.ToDouble(left), TemplateValues.ToDouble(right), line);
        }
        foreach (object? value in (ReadOnlySpan<object?>)[left, right])
            if (value is Undefined missing) throw TemplateErrors.At(line, $"{missing}; '{sign}' needs a value.");
        throw TemplateErrors.At(line, $"'{sign}' between {TemplateValues.TypeName(left)} and {TemplateValues.TypeName(right)}.");
    }

    private static long ToWhole(object? value) => value is bool b ? b ? 1 : 0 : (long)value!; // not null: called with bool or long

    private static object Whole(string sign, long left, long right, int line)
    {
        if (right == 0 && sign is "//" or "%" && right == 0) throw TemplateErrors.At(line, "division by zero.");
        try
        {
            return checked(sign switch
            {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                "//" => left / right - (left % right != 0 && left < 0 != right < 0 ? 1 : 0), // Python rounds down
                "%" => (left % right + right) % right,
                "**" => right is >= 0 and <= 64 ? Power(left, right) : throw TemplateErrors.Unsupported(line, $"the power {right}"),
                _ => throw TemplateErrors.Unsupported(line, $"'{sign}'"),
            });
        }
        catch (OverflowException)
        {
            throw TemplateErrors.At(line, $"{left} {sign} {right} is beyond 64 bits.");
        }
    }

    private static long Power(long value, long exponent)
    {
        long result = 1;
        for (long i = 0; i < exponent; i++) result = checked(result * value);
        return result;
    }

    private static object Real(string sign, double left, double right, int line)
    {
        if (right == 0 && sign is "/" or "//" or "%" && right == 0) throw TemplateErrors.At(line, "division by zero.");
        return sign switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => Math.Floor(left / right),
            "%" => left - right * Math.Floor(left / right),
            _ => throw TemplateErrors.Unsupported(line, $"'{sign}' of floats"),
        };
    }

    private static string Repeat(string text, long times, int line)
    {
        TemplateLimits.CheckLength(text.Length * Math.Max(0, Math.Min(times, int.MaxValue)), line);
        return string.Concat(Enumerable.Repeat(text, (int)Math.Max(0, times)));
    }
}
