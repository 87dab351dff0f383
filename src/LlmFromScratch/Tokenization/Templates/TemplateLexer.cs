using System.Globalization;
using System.Text;
using static LlmFromScratch.Tokenization.Templates.TemplateTokenKind;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>
/// Cuts a template's source into tokens. White space is treated as chat templates expect it (trim_blocks, lstrip_blocks): a line end right behind a
/// statement or comment vanishes, and so does the indentation of a line that starts with one; <c>-</c> takes all white space on its side, <c>+</c> none.
/// Source: the Jinja 3.1 template designer documentation, "Whitespace Control".
/// </summary>
internal sealed class TemplateLexer
{
    private static readonly string[] Signs = ["**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ".", ":", "|", ",", ";"];

    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _at;
    private int _line = 1, _lineCountedTo;
    private bool _isAtLineStart = true; // the last tag took a line end with it

    private TemplateLexer(string source)
    {
        _source = source.ReplaceLineEndings("\n");
        if (_source.EndsWith('\n')) _source = _source[..^1];
    }

    /// <summary>The tokens of a template; the last is <see cref="End"/>.</summary>
    /// <exception cref="InvalidDataException">A tag, string or comment without an end, or a character that is none of the language's.</exception>
    public static List<TemplateToken> Read(string source)
    {
        TemplateLexer lexer = new(source);
        while (lexer._at < lexer._source.Length) lexer.ReadPart();
        lexer.Add(End, "", null);
        return lexer._tokens;
    }

    private void ReadPart()
    {
        int tag = FindTag();
        if (tag < 0)
        {
            Add(Text, _source[_at..], null);
            _at = _source.Length;
            return;
        }
        char kind = _source[tag + 1], sign = tag + 2 < _source.Length ? _source[tag + 2] : ' ';
        AddText(_source[_at..tag], kind, sign);
        _at = tag + 2 + (sign is '-' or '+' ? 1 : 0);
        switch (kind)
        {
            case '#': SkipComment(); break;
            case '%' when IsRaw(out int end): ReadRaw(end); break;
            default:
                Add(kind == '{' ? ExpressionStart : StatementStart, "{" + kind, null);
                ReadTag(kind == '{' ? "}}" : "%}");
                break;
        }
    }

    private int FindTag()
    {
        for (int i = _at; i + 1 < _source.Length; i++)
            if (_source[i] == '{' && _source[i + 1] is ('{' or '%' or '#')) return i;
        return -1;
    }

    private void AddText(string text, char kind, char sign)
    {
        if (sign == '-') text = text.TrimEnd();
        else if (sign != '+' && kind != '{')
        {
            int lineStart = text.LastIndexOf('\n') + 1;
            if ((lineStart > 0 || _isAtLineStart) && string.IsNullOrWhiteSpace(text[lineStart..])) text = text[..lineStart];
        }
        if (text.Length > 0) Add(Text, text, null);
    }

    private void SkipComment()
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw TemplateErrors.At(CountLine(_at), "a comment has no '#}'.");
        char sign = end > _at ? _source[end - 1] : ' ';
        EndTag(end, sign, trims: true);
    }

    // What stands behind a tag's end: '-' takes all white space, a statement or comment one line end unless '+' says no.
    private void EndTag(int end, char sign, bool trims)
    {
        _at = end + 2;
        int before = _at;
        if (sign == '-') while (_at < _source.Length && char.IsWhiteSpace(_source[_at])) _at++;
        else if (trims && sign != '+' && _at < _source.Length && _source[_at] == '\n') _at++;
        _isAtLineStart = _at > before && _source[_at - 1] == '\n';
    }

    private bool IsRaw(out int end)
    {
        int at = _at;
        while (at < _source.Length && char.IsWhiteSpace(_source[at])) at++;
        end = _source.IndexOf("%}", at, StringComparison.Ordinal);
        return end >= 0 && _source[at..end].TrimEnd('-', '+').TrimEnd() == "raw";
    }

    private void ReadRaw(int end)
    {
        EndTag(end, _source[end - 1], trims: true);
        for (int tag = _at; (tag = _source.IndexOf("{%", tag, StringComparison.Ordinal)) >= 0; tag += 2)
        {
            int close = _source.IndexOf("%}", tag, StringComparison.Ordinal);
            if (close < 0 || _source[(tag + 2)..close].Trim('-', '+').Trim() != "endraw") continue;
            AddText(_source[_at..tag], '%', _source[tag + 2]);
            EndTag(close, _source[close - 1], trims: true);
            return;
        }
        throw TemplateErrors.At(CountLine(_at), "a raw block has no '{% endraw %}'.");
    }

    private void ReadTag(string end)
    {
        int start = _at, open = 0; // brackets: a '}}' inside them closes two of them, not the tag
        while (true)
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at])) _at++;
            if (_at >= _source.Length) throw TemplateErrors.At(CountLine(start), $"a tag has no '{end}'.");
            char c = _source[_at];
            int signLength = c is '-' or '+' ? 1 : 0;
            if (open == 0 && string.CompareOrdinal(_source, _at + signLength, end, 0, 2) == 0)
            {
                Add(end == "}}" ? ExpressionEnd : StatementEnd, end, null);
                EndTag(_at + signLength, signLength == 1 ? c : ' ', trims: end == "%}");
                return;
            }
            if (char.IsLetter(c) || c == '_') ReadName();
            else if (char.IsAsciiDigit(c)) ReadNumber();
            else if (c is '\'' or '"') ReadString(c);
            else open += ReadSign() switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 };
        }
    }

    private void ReadName()
    {
        int start = _at;
        while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_')) _at++;
        Add(Name, _source[start.._at], null);
    }

    private void ReadNumber()
    {
        int start = _at;
        while (_at < _source.Length && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_')) _at++;
        bool isFloat = _at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]);
        if (isFloat)
            for (_at++; _at < _source.Length && char.IsAsciiDigit(_source[_at]);) _at++;
        if (_at + 1 < _source.Length && _source[_at] is ('e' or 'E') && (char.IsAsciiDigit(_source[_at + 1]) || _source[_at + 1] is '-' or '+'))
        {
            isFloat = true;
            for (_at += 2; _at < _source.Length && char.IsAsciiDigit(_source[_at]);) _at++;
        }
        string text = _source[start.._at], digits = text.Replace("_", "", StringComparison.Ordinal);
        if (isFloat) Add(Float, text, double.Parse(digits, CultureInfo.InvariantCulture));
        else if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value)) Add(Integer, text, value);
        else throw TemplateErrors.At(CountLine(start), $"the number {text} is beyond 64 bits.");
    }

    private void ReadString(char quote)
    {
        int start = _at++;
        StringBuilder value = new();
        while (_at < _source.Length && _source[_at] != quote)
        {
            if (_source[_at] == '\\' && _at + 1 < _source.Length) ReadEscape(value);
            else value.Append(_source[_at++]);
        }
        if (_at >= _source.Length) throw TemplateErrors.At(CountLine(start), $"a string has no {quote} at its end.");
        _at++;
        Add(Quoted, _source[start.._at], value.ToString());
    }

    private void ReadEscape(StringBuilder value)
    {
        char name = _source[_at + 1];
        _at += 2;
        int digits = name switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && _at + digits <= _source.Length
            && int.TryParse(_source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
        {
            _at += digits;
            if (Rune.IsValid(code)) value.Append(new Rune(code).ToString());
            else value.Append((char)code); // half of a surrogate pair; the other half follows
            return;
        }
        int known = "nrtabfv0\\'\"\n".IndexOf(name);
        if (known < 0) value.Append('\\').Append(name); // Python keeps an escape that it does not know
        else if (name != '\n') value.Append("\n\r\t\a\b\f\v\0\\'\""[known]);
    }

    private string ReadSign()
    {
        foreach (string sign in Signs)
        {
            if (string.CompareOrdinal(_source, _at, sign, 0, sign.Length) != 0) continue;
            Add(Sign, sign, null);
            _at += sign.Length;
            return sign;
        }
        throw TemplateErrors.At(CountLine(_at), $"unexpected character '{_source[_at]}'.");
    }

    private void Add(TemplateTokenKind kind, string text, object? value) => _tokens.Add(new TemplateToken(kind, text, value, CountLine(_at)));

    private int CountLine(int at)
    {
        for (; _lineCountedTo < at; _lineCountedTo++)
            if (_source[_lineCountedTo] == '\n') _line++;
        return _line;
    }
}
