using System.Text;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// A run of lines of a cell in one language. A line such as <c>#!html</c> switches the language for the lines below it, as in .NET Interactive.
/// </summary>
/// <param name="Language"><c>csharp</c>, <c>html</c>, <c>javascript</c>, <c>markdown</c> or <c>mermaid</c>.</param>
/// <param name="Text">The lines; C# keeps an empty line for each line above it, so that the compiler counts lines as the reader does.</param>
/// <param name="IsTimed">Whether <c>#!time</c> asks for the time it takes.</param>
/// <param name="Shares">The C# variables that <c>#!share</c> and <c>#!set</c> bring to it.</param>
internal sealed record CellSegment(string Language, string Text, bool IsTimed, IReadOnlyList<SharedValue> Shares)
{
    /// <summary>The language of code; the others are shown by the front end.</summary>
    public const string CSharp = "csharp";

    // What a front end shows for each language: the MIME types that Jupyter and VS Code know.
    private static readonly Dictionary<string, string> MimeTypes = new()
    {
        ["html"] = "text/html", ["javascript"] = "application/javascript", ["markdown"] = "text/markdown", ["mermaid"] = "text/vnd.mermaid",
    };

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase) { ["c#"] = CSharp, ["js"] = "javascript" };

    /// <summary>The MIME type of a segment that is not C#.</summary>
    public string MimeType => MimeTypes[Language];

    /// <summary>The text, after statements that declare what it shares.</summary>
    /// <param name="valueOf">Finds the value of a C# variable.</param>
    public string TextWith(Func<string, object?> valueOf) => string.Concat(Shares.Select(share => share.Declaration(valueOf))) + Text;

    /// <summary>Splits the cell <paramref name="source"/>, which begins in <paramref name="language"/>.</summary>
    /// <exception cref="NotSupportedException">A magic command or language that the runner does not know; the message names the line.</exception>
    public static IReadOnlyList<CellSegment> Split(string source, string language, int cellNumber)
    {
        var segments = new List<CellSegment>();
        var text = new StringBuilder();
        string current = Known(language) ?? throw new NotSupportedException(
            $"cell {cellNumber}: the language \"{language}\" is not supported; expected csharp, {string.Join(", ", MimeTypes.Keys)}.");
        bool timed = false;
        List<SharedValue> shares = [];
        string[] lines = source.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("#!", StringComparison.Ordinal))
            {
                text.Append(lines[i]).Append('\n');
                continue;
            }
            string magic = lines[i][2..].Trim();
            if (magic == "time")
            {
                timed = true;
                text.Append('\n');
                continue;
            }
            if (SharedValue.Parse(magic, $"cell {cellNumber}, line {i + 1}") is { } share)
            {
                shares.Add(current == "javascript"
                    ? share
                    : throw new NotSupportedException($"{share.Place}: \"#!{magic}\" brings a C# value to JavaScript; expected it below #!javascript."));
                continue;
            }
            string next = Known(magic) ?? throw new NotSupportedException(
                $"cell {cellNumber}, line {i + 1}: the magic command \"#!{magic}\" is not supported; expected #!time, #!share, #!set, #!csharp, #!{string.Join(", #!", MimeTypes.Keys)}.");
            Close();
            (current, timed) = (next, false);
            if (next == CSharp)
                text.Append('\n', i + 1);
        }
        Close();
        return segments;

        void Close()
        {
            if (!string.IsNullOrWhiteSpace(text.ToString()))
                segments.Add(new CellSegment(current, current == CSharp ? text.ToString() : text.ToString().Trim('\n'), timed, shares));
            text.Clear();
            shares = [];
        }
    }

    private static string? Known(string name)
    {
        string language = Aliases.GetValueOrDefault(name, name.ToLowerInvariant());
        return language == CSharp || MimeTypes.ContainsKey(language) ? language : null;
    }
}
