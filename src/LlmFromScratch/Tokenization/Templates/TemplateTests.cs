namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The tests that chat templates use: <c>value is name(argument)</c>. Source: the list of built-in tests in the Jinja 3.1 documentation.</summary>
internal static class TemplateTests
{
    public static bool Is(string name, object? value, CallArguments a) => name switch
    {
        "defined" => value is not Undefined,
        "undefined" => value is Undefined,
        "none" => value is null,
        "boolean" => value is bool,
        "true" => value is true,
        "false" => value is false,
        "integer" => value is long,
        "float" => value is double,
        "number" => value is bool or long or double,
        "string" => value is string,
        "mapping" => value is TemplateMap,
        "sequence" => value is string or TemplateList { IsGenerator: false } or TemplateMap or Undefined,
        "iterable" => value is string or TemplateList or TemplateMap or Undefined,
        "callable" => value is TemplateFunction,
        "odd" => Remainder(value, 2, a) == 1,
        "even" => Remainder(value, 2, a) == 0,
        "divisibleby" => Remainder(value, a.Get(0, "num") is long n and not 0 ? n : throw TemplateErrors.At(a.Line, "divisibleby: expected a whole number, not 0."), a) == 0,
        "eq" or "equalto" or "==" => TemplateValues.AreEqual(value, a.Get(0, "other")),
        "ne" or "!=" => !TemplateValues.AreEqual(value, a.Get(0, "other")),
        "lt" or "lessthan" or "<" => TemplateValues.Compare(value, a.Get(0, "other"), a.Line) < 0,
        "le" or "<=" => TemplateValues.Compare(value, a.Get(0, "other"), a.Line) <= 0,
        "gt" or "greaterthan" or ">" => TemplateValues.Compare(value, a.Get(0, "other"), a.Line) > 0,
        "ge" or ">=" => TemplateValues.Compare(value, a.Get(0, "other"), a.Line) >= 0,
        "in" => TemplateValues.Contains(a.Get(0, "seq"), value, a.Line),
        "lower" => value is string text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        "upper" => value is string text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "sameas" => ReferenceEquals(value, a.Get(0, "other")) || (value is null or bool or long && TemplateValues.AreEqual(value, a.Get(0, "other"))),
        _ => throw TemplateErrors.Unsupported(a.Line, $"the test '{name}'"),
    };

    private static long Remainder(object? value, long divisor, CallArguments a) => value is long number
        ? (number % divisor + divisor) % divisor
        : throw TemplateErrors.At(a.Line, $"expected a whole number, got {TemplateValues.TypeName(value)}.");
}
