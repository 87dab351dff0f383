using System.Globalization;

namespace LlmFromScratch.Course.Checking;

/// <summary>What a candidate answered in one case: numbers, ids or texts, compared item by item.</summary>
internal sealed class Answer
{
    private readonly double[]? _numbers;
    private readonly string[]? _texts;
    private readonly bool _isExact;
    private readonly string _items; // "numbers", "ids", "texts": what the length counts
    private readonly Func<int, string> _place;

    private Answer(double[]? numbers, string[]? texts, bool isExact, string items, Func<int, string> place) =>
        (_numbers, _texts, _isExact, _items, _place) = (numbers, texts, isExact, items, place);

    /// <summary>Numbers, compared with the exercise's tolerance. <paramref name="place"/> names an index; by default "result[i]".</summary>
    public static Answer Of(float[]? values, Func<int, string>? place = null) =>
        new(values is null ? null : Array.ConvertAll(values, value => (double)value), null, isExact: false, "numbers", place ?? (i => $"result[{i}]"));

    /// <summary>Numbers, compared with the exercise's tolerance.</summary>
    public static Answer Of(double[]? values, Func<int, string>? place = null) =>
        new((double[]?)values?.Clone(), null, isExact: false, "numbers", place ?? (i => $"result[{i}]"));

    /// <summary>One number, compared with the exercise's tolerance.</summary>
    public static Answer Of(double value) => new([value], null, isExact: false, "numbers", _ => "the result");

    /// <summary>One whole number, compared exactly.</summary>
    public static Answer Of(long value) => new([value], null, isExact: true, "numbers", _ => "the result"); // a double holds whole numbers up to 2^53

    /// <summary>Ids or counts, compared exactly.</summary>
    public static Answer Of(int[]? values, Func<int, string>? place = null) =>
        new(values is null ? null : Array.ConvertAll(values, value => (double)value), null, isExact: true, "ids", place ?? (i => $"id[{i}]"));

    /// <summary>A text, compared exactly.</summary>
    public static Answer Of(string? text) => new(null, text is null ? null : [text], isExact: true, "texts", _ => "the text");

    /// <summary>Texts, compared exactly.</summary>
    public static Answer Of(string[]? texts, Func<int, string>? place = null) =>
        new(null, (string[]?)texts?.Clone(), isExact: true, "texts", place ?? (i => $"text[{i}]"));

    /// <summary>The first difference from the right answer; null when there is none.</summary>
    public Difference? FindDifference(Answer expected, Tolerance tolerance)
    {
        if (Length is not { } length || expected.Length is not { } expectedLength)
            return Length == expected.Length ? null : new Difference("the result", Describe(expected), Describe(this));
        if (expected._numbers is null != _numbers is null)
            return new Difference("the result", Describe(expected), Describe(this));
        for (int i = 0; i < Math.Min(length, expectedLength); i++)
        {
            if (expected._numbers is not null && _numbers is not null && !Accepts(tolerance, expected._numbers[i], _numbers[i]))
                return NumbersDiffer(expected._place(i), expected._numbers[i], _numbers[i], _isExact, length == expectedLength ? null : LengthHint(expected));
            if (expected._texts is not null && _texts is not null && expected._texts[i] != _texts[i])
                return TextsDiffer(expected._place(i), expected._texts[i], _texts[i]);
        }
        return length == expectedLength ? null : new Difference("the length", Describe(expected), Describe(this));
    }

    private int? Length => _numbers?.Length ?? _texts?.Length;

    private bool Accepts(Tolerance tolerance, double expected, double got) => _isExact ? expected == got : tolerance.Accepts(expected, got);

    private string LengthHint(Answer expected) => $"The length is wrong too: expected {Describe(expected)}, got {Describe(this)}.";

    private static string Describe(Answer answer) => answer.Length is { } length ? $"{length} {answer._items}" : "null";

    private static Difference NumbersDiffer(string place, double expected, double got, bool isWhole, string? hint)
    {
        if (double.IsNaN(got)) hint = "NaN is not a number: look for 0/0, ∞ − ∞, 0 · ∞, or the logarithm of a negative number.";
        else if (double.IsInfinity(got)) hint = "The result is infinite: look for a division by zero, log 0, or an exponential of a large number.";
        string[] formats = ["G4", "G6", "G9", "R"]; // the shortest that shows them to differ
        string format = isWhole ? "N0" : formats.First(f => f == "R" || Text(expected, f) != Text(got, f));
        return new Difference(place, Text(expected, format), Text(got, format), hint);
    }

    private static string Text(double value, string format) => value switch
    {
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        _ => value.ToString(format, CultureInfo.InvariantCulture),
    };

    private static Difference TextsDiffer(string place, string expected, string? got)
    {
        if (got is null) return new Difference(place, Quote(expected, 0), "null");
        int same = expected.AsSpan().CommonPrefixLength(got);
        int start = Math.Max(0, same - 10); // some of what agrees, for orientation
        string where = start == 0 ? place : $"{place}, from character {start}";
        return new Difference(where, Quote(expected, start), Quote(got, start));
    }

    private static string Quote(string text, int start)
    {
        const int Most = 40;
        string shown = text[Math.Min(start, text.Length)..];
        bool isCut = shown.Length > Most;
        shown = isCut ? shown[..Most] : shown;
        return "\"" + shown.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t").Replace("\"", "\\\"") + (isCut ? "…\"" : "\"");
    }
}
