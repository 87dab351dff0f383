using System.Net;
using System.Text;

namespace LlmFromScratch.Notebooks.Html;

/// <summary>
/// C# code as HTML with its comments, strings, numbers and keywords marked. A lexer of a few lines instead of Roslyn's classifier: it does
/// not know types from variables, and colours the holes of an interpolated string as string; a reader is helped all the same.
/// </summary>
internal static class CSharpColouring
{
    private static readonly HashSet<string> Keywords = [.. """
        abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum
        event explicit extern false finally fixed float for foreach get goto if implicit in init int interface internal is lock long nameof
        namespace new not null object operator or and out override params private protected public readonly record ref required return sbyte
        sealed set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var
        virtual void volatile when where while with yield
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The HTML of <paramref name="code"/>: <c>span</c>s of the classes c (comment), s (string), n (number), k (keyword).</summary>
    public static string ToHtml(string code)
    {
        var html = new StringBuilder();
        for (int start = 0; start < code.Length;)
        {
            (int end, char kind) = NextToken(code, start);
            string text = WebUtility.HtmlEncode(code[start..end]);
            html.Append(kind == ' ' ? text : $"<span class=\"{kind}\">{text}</span>");
            start = end;
        }
        return html.ToString();
    }

    private static (int End, char Kind) NextToken(string code, int start)
    {
        ReadOnlySpan<char> rest = code.AsSpan(start);
        char first = rest[0];
        if (rest.StartsWith("//"))
            return (EndOfLine(code, start), 'c');
        if (rest.StartsWith("/*"))
            return (After(code, "*/", start + 2), 'c');
        if (first == '#' && (start == 0 || code[start - 1] == '\n'))
            return (EndOfLine(code, start), 'k'); // #r and the magic commands
        if (first is '"' or '@' or '$' && EndOfString(code, start) is { } endOfString)
            return (endOfString, 's');
        if (first == '\'')
            return (EndOfQuoted(code, start + 1, '\''), 's');
        if (char.IsAsciiDigit(first))
            return (EndWhile(code, start, IsNumberPart), 'n');
        if (!char.IsLetter(first) && first != '_')
            return (start + 1, ' ');
        int end = EndWhile(code, start, c => char.IsLetterOrDigit(c) || c == '_');
        return (end, Keywords.Contains(code[start..end]) ? 'k' : ' ');

        bool IsNumberPart(char c) => char.IsLetterOrDigit(c) || c is '.' or '_';
    }

    // The forms "...", @"...", $"...", $@"..." and """...""" with any number of $ before and of quotes from three on.
    private static int? EndOfString(string code, int start)
    {
        int open = EndWhile(code, start, c => c is '@' or '$');
        int quotes = EndWhile(code, open, c => c == '"') - open;
        if (quotes == 0)
            return null;
        if (quotes == 2)
            return open + 2; // an empty string
        if (quotes > 2)
            return After(code, new string('"', quotes), open + quotes);
        if (!code.AsSpan(start, open - start).Contains('@'))
            return EndOfQuoted(code, open + 1, '"');
        int end = open + 1;
        while (end < code.Length && (code[end] != '"' || (end + 1 < code.Length && code[end + 1] == '"')))
            end += code[end] == '"' ? 2 : 1; // "" is a quote inside
        return Math.Min(end + 1, code.Length);
    }

    private static int EndOfQuoted(string code, int start, char quote)
    {
        int end = start;
        while (end < code.Length && code[end] != quote && code[end] != '\n')
            end += code[end] == '\\' ? 2 : 1;
        return Math.Min(end + 1, code.Length);
    }

    private static int EndWhile(string code, int start, Func<char, bool> belongs)
    {
        int end = start;
        while (end < code.Length && belongs(code[end]))
            end++;
        return end;
    }

    private static int EndOfLine(string code, int start)
    {
        int newline = code.IndexOf('\n', start);
        return newline < 0 ? code.Length : newline;
    }

    private static int After(string code, string closing, int start)
    {
        int at = code.IndexOf(closing, Math.Min(start, code.Length), StringComparison.Ordinal);
        return at < 0 ? code.Length : at + closing.Length;
    }
}
