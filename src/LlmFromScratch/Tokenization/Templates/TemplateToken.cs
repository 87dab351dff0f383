namespace LlmFromScratch.Tokenization.Templates;

/// <summary>What a piece of a template's source is.</summary>
internal enum TemplateTokenKind
{
    /// <summary>Text that is printed as it is.</summary>
    Text,

    /// <summary><c>{{</c>, <c>}}</c>, <c>{%</c>, <c>%}</c>.</summary>
    ExpressionStart, ExpressionEnd, StatementStart, StatementEnd,

    /// <summary>A name or a word of the language.</summary>
    Name,

    /// <summary>A literal; Value holds it.</summary>
    Quoted, Integer, Float,

    /// <summary>An operator, a bracket, a comma.</summary>
    Sign,

    /// <summary>The end of the source.</summary>
    End,
}

/// <summary>A piece of a template's source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it stands there.</param>
/// <param name="Value">A literal's value, else null.</param>
/// <param name="Line">Counted from 1.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, object? Value, int Line)
{
    public bool IsSign(string sign) => Kind == TemplateTokenKind.Sign && Text == sign;

    public bool IsName(string name) => Kind == TemplateTokenKind.Name && Text == name;

    public override string ToString() => Kind == TemplateTokenKind.End ? "the end of the template" : $"'{Text}'";
}
