using static LlmFromScratch.Tokenization.Templates.TemplateTokenKind;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>Where the parsers stand in the tokens of a template.</summary>
internal sealed class TemplateReader(List<TemplateToken> tokens)
{
    private const int DeepestNesting = 100;

    private int _at;
    private int _depth;

    public TemplateToken Current => tokens[_at];

    public TemplateToken Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public TemplateToken Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public bool TryTakeSign(string sign)
    {
        if (!Current.IsSign(sign)) return false;
        _at++;
        return true;
    }

    public bool TryTakeName(string name)
    {
        if (!Current.IsName(name)) return false;
        _at++;
        return true;
    }

    public void ExpectSign(string sign)
    {
        if (!TryTakeSign(sign)) throw TemplateErrors.At(Current.Line, $"expected '{sign}', got {Current}.");
    }

    public void Expect(TemplateTokenKind kind, string what)
    {
        if (Take().Kind != kind) throw TemplateErrors.At(Current.Line, $"expected {what}, got {tokens[Math.Max(0, _at - 1)]}.");
    }

    public string ExpectName()
    {
        TemplateToken token = Take();
        return token.Kind == Name ? token.Text : throw TemplateErrors.At(token.Line, $"expected a name, got {token}.");
    }

    /// <summary>Parses one level deeper; templates come from files, and a deep one must not exhaust the stack.</summary>
    public T Deeper<T>(Func<T> parse)
    {
        if (++_depth > DeepestNesting) throw TemplateErrors.At(Current.Line, $"nested more than {DeepestNesting} deep.");
        T result = parse();
        _depth--;
        return result;
    }
}
