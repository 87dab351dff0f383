using System.Net;
using System.Text;

namespace LlmFromScratch.Notebooks.Html;

/// <summary>
/// LaTeX mathematics as MathML, which browsers draw without any script. Simplified: letters, numbers, operators, sub- and superscripts,
/// <c>\frac</c>, <c>\sqrt</c>, <c>\text</c> and its kin, accents, <c>\left</c> and <c>\right</c>; no environments (matrices, cases) and no
/// macros. A formula with anything else is refused, and its page shows the LaTeX as it stands.
/// </summary>
internal sealed class MathMl
{
    private readonly string _latex;
    private int _at;

    private MathMl(string latex) => _latex = latex;

    /// <summary>The <c>math</c> element of <paramref name="latex"/>, null when it holds something that this class does not know.</summary>
    public static string? TryConvert(string latex, bool isBlock)
    {
        var formula = new MathMl(latex.Trim());
        string? row = formula.ReadRow(closing: null);
        return row is null ? null : $"<math{(isBlock ? " display=\"block\"" : "")}>{row}</math>";
    }

    // A row ends at `closing` (consumed), or for null at the end of the formula; null when something is unknown.
    private string? ReadRow(string? closing)
    {
        var row = new StringBuilder("<mrow>");
        while (true)
        {
            SkipSpaces();
            if (_at == _latex.Length)
                return closing is null ? row.Append("</mrow>").ToString() : null;
            if (closing is not null && string.CompareOrdinal(_latex, _at, closing, 0, closing.Length) == 0)
            {
                _at += closing.Length;
                return row.Append("</mrow>").ToString();
            }
            if (ReadScripted() is not { } item)
                return null;
            row.Append(item);
        }
    }

    private string? ReadScripted()
    {
        int start = _at;
        if (ReadAtom() is not { } body)
            return null;
        bool isLarge = _latex.AsSpan(start, _at - start).TrimEnd() is @"\sum" or @"\prod" or @"\max" or @"\min" or @"\lim" or @"\arg";
        string? lower = null, upper = null;
        for (SkipSpaces(); _at < _latex.Length && _latex[_at] is '_' or '^'; SkipSpaces())
        {
            bool isLower = _latex[_at++] == '_';
            SkipSpaces();
            if ((isLower ? lower : upper) is not null || ReadAtom() is not { } script)
                return null;
            (lower, upper) = isLower ? (script, upper) : (lower, script);
        }
        (string low, string high, string both) = isLarge ? ("munder", "mover", "munderover") : ("msub", "msup", "msubsup");
        return (lower, upper) switch
        {
            (null, null) => body,
            (_, null) => $"<{low}>{body}{lower}</{low}>",
            (null, _) => $"<{high}>{body}{upper}</{high}>",
            _ => $"<{both}>{body}{lower}{upper}</{both}>",
        };
    }

    private string? ReadAtom()
    {
        if (_at == _latex.Length)
            return null;
        char first = _latex[_at];
        if (first == '\\')
            return ReadCommand();
        if (char.IsAsciiDigit(first))
        {
            int start = _at;
            while (_at < _latex.Length && (char.IsAsciiDigit(_latex[_at]) || (_latex[_at] == '.' && _at + 1 < _latex.Length && char.IsAsciiDigit(_latex[_at + 1]))))
                _at++;
            return $"<mn>{_latex[start.._at]}</mn>";
        }
        _at++;
        return first switch
        {
            '{' => ReadRow("}"),
            '}' or '&' or '_' or '^' or '$' or '%' => null,
            '-' => "<mo>−</mo>",
            '\'' => "<mo>′</mo>",
            _ when char.IsLetter(first) => $"<mi>{first}</mi>",
            '(' or ')' or '[' or ']' or '|' => $"<mo stretchy=\"false\">{first}</mo>",
            _ => $"<mo>{WebUtility.HtmlEncode(first.ToString())}</mo>",
        };
    }

    private string? ReadCommand()
    {
        int start = ++_at;
        while (_at < _latex.Length && char.IsAsciiLetter(_latex[_at]))
            _at++;
        if (_at == start && _at < _latex.Length)
            _at++; // a command of one sign, such as \, or \{
        string name = _latex[start.._at];
        switch (name)
        {
            case "frac" or "tfrac" or "dfrac":
                return ReadArgument() is { } numerator && ReadArgument() is { } denominator ? $"<mfrac>{numerator}{denominator}</mfrac>" : null;
            case "sqrt":
                return ReadArgument() is { } radicand ? $"<msqrt>{radicand}</msqrt>" : null;
            case "text" or "mathrm" or "operatorname" or "textit" or "texttt" or "mathtt" or "textbf":
                return ReadText() is { } text ? $"<mtext>{WebUtility.HtmlEncode(text)}</mtext>" : null;
            case "mathbf" or "boldsymbol":
                return ReadArgument() is { } bold ? $"<mrow class=\"bold\">{bold}</mrow>" : null;
            case "mathbb" or "mathcal":
                return ReadText() is { } plain && LatexSymbols.Alphabets.TryGetValue($"{name}-{plain}", out string? drawn) ? $"<mi>{drawn}</mi>" : null;
            case "left":
                return ReadFence();
            case "big" or "Big" or "bigl" or "bigr" or "limits" or "displaystyle":
                return ""; // sizes are the browser's
        }
        if (LatexSymbols.Accents.TryGetValue(name, out string? accent))
            return ReadArgument() is { } body ? $"<mover accent=\"true\">{body}<mo>{accent}</mo></mover>" : null;
        if (LatexSymbols.Letters.TryGetValue(name, out string? letter))
            return $"<mi>{letter}</mi>";
        if (LatexSymbols.Functions.Contains(name))
            return $"<mi>{name}</mi>";
        if (LatexSymbols.Spaces.TryGetValue(name, out string? width))
            return $"<mspace width=\"{width}\"/>";
        return LatexSymbols.Operators.TryGetValue(name, out string? sign) ? $"<mo>{WebUtility.HtmlEncode(sign)}</mo>" : null;
    }

    private string? ReadArgument()
    {
        SkipSpaces();
        return ReadAtom();
    }

    private string? ReadText()
    {
        SkipSpaces();
        int end = _at < _latex.Length && _latex[_at] == '{' ? _latex.IndexOf('}', _at) : -1;
        if (end < 0)
            return null;
        string text = _latex[(_at + 1)..end];
        _at = end + 1;
        return text.Contains('\\') ? null : text.Replace(' ', '\u00A0'); // MathML would drop spaces at the ends
    }

    private string? ReadFence()
    {
        string? open = ReadDelimiter();
        return open is not null && ReadRow(@"\right") is { } body && ReadDelimiter() is { } close ? $"<mrow>{open}{body}{close}</mrow>" : null;
    }

    private string? ReadDelimiter()
    {
        SkipSpaces();
        if (_at < _latex.Length && _latex[_at] == '.')
        {
            _at++;
            return ""; // \left. draws nothing
        }
        return ReadAtom()?.Replace(" stretchy=\"false\"", "", StringComparison.Ordinal);
    }

    private void SkipSpaces()
    {
        while (_at < _latex.Length && (char.IsWhiteSpace(_latex[_at]) || _latex[_at] == '~'))
            _at++;
    }
}
