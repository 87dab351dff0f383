namespace LlmFromScratch.Tokenization.Templates;

/// <summary>A part of a template that has a value.</summary>
internal abstract record Expression(int Line)
{
    public sealed record Literal(object? Value, int Line) : Expression(Line);

    public sealed record Name(string Text, int Line) : Expression(Line);

    public sealed record ListOf(IReadOnlyList<Expression> Items, bool IsTuple, int Line) : Expression(Line);

    public sealed record MapOf(IReadOnlyList<(Expression Key, Expression Value)> Items, int Line) : Expression(Line);

    public sealed record Attribute(Expression Target, string Text, int Line) : Expression(Line);

    public sealed record Item(Expression Target, Expression Key, int Line) : Expression(Line);

    public sealed record Slice(Expression Target, Expression? Start, Expression? Stop, Expression? Step, int Line) : Expression(Line);

    public sealed record Call(Expression Target, Arguments Arguments, int Line) : Expression(Line);

    /// <summary>A filter of a value; the value is null in a filter block, where it is the block's text.</summary>
    public sealed record Filter(Expression? Target, string Text, Arguments Arguments, int Line) : Expression(Line);

    public sealed record Test(Expression Target, string Text, Arguments Arguments, bool IsNegated, int Line) : Expression(Line);

    public sealed record Unary(string Sign, Expression Operand, int Line) : Expression(Line);

    public sealed record Binary(string Sign, Expression Left, Expression Right, int Line) : Expression(Line);

    /// <summary><c>a &lt; b &lt;= c</c>: each neighbouring pair must hold.</summary>
    public sealed record Comparison(Expression First, IReadOnlyList<(string Sign, Expression Right)> Rest, int Line) : Expression(Line);

    public sealed record Condition(Expression If, Expression Then, Expression? Else, int Line) : Expression(Line);
}

/// <summary>The arguments of a call, a filter or a test.</summary>
internal sealed record Arguments(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static Arguments None { get; } = new([], []);
}

/// <summary>A part of a template that does something.</summary>
internal abstract record Statement(int Line)
{
    public sealed record Text(string Value, int Line) : Statement(Line);

    public sealed record Print(Expression Value, int Line) : Statement(Line);

    public sealed record If(IReadOnlyList<(Expression Test, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else, int Line) : Statement(Line);

    public sealed record For(Expression Target, Expression Source, Expression? Filter, bool IsRecursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else, int Line)
        : Statement(Line);

    public sealed record Set(Expression Target, Expression Value, int Line) : Statement(Line);

    /// <summary>A variable whose value is the text of a block, filtered perhaps.</summary>
    public sealed record SetBlock(Expression Target, Expression? Filter, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

    public sealed record Macro(string Name, Signature Signature, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

    /// <summary>A call of a macro that can call the block back.</summary>
    public sealed record CallBlock(Signature Signature, Expression.Call Call, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

    public sealed record FilterBlock(Expression Filter, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

    /// <summary>Variables that live in a block only; without any, a block such as <c>{% generation %}</c>.</summary>
    public sealed record With(IReadOnlyList<(Expression Target, Expression Value)> Variables, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

    public sealed record Break(int Line) : Statement(Line);

    public sealed record Continue(int Line) : Statement(Line);
}

/// <summary>The parameters of a macro; a default is null where there is none.</summary>
internal sealed record Signature(IReadOnlyList<(string Name, Expression? Default)> Parameters)
{
    public static Signature None { get; } = new([]);
}
