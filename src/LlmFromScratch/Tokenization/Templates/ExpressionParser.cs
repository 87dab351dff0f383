using static LlmFromScratch.Tokenization.Templates.TemplateTokenKind;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>Parses expressions, one method for each level of precedence: condition, or, and, not, comparison, +-, ~, */, power, unary, postfix.</summary>
internal sealed class ExpressionParser(TemplateReader reader)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>An expression; with commas between several, a tuple.</summary>
    public Expression ParseTuple(bool withCondition = true)
    {
        int line = reader.Current.Line;
        Expression first = withCondition ? Parse() : ParseOr();
        if (!reader.Current.IsSign(",")) return first;
        List<Expression> items = [first];
        while (reader.TryTakeSign(",") && !EndsTuple()) items.Add(withCondition ? Parse() : ParseOr());
        return new Expression.ListOf(items, IsTuple: true, line);
    }

    public Expression Parse() => reader.Deeper(ParseCondition);

    /// <summary>One or more variables to set: a name, ns.name, or several with commas.</summary>
    public Expression ParseTarget()
    {
        int line = reader.Current.Line;
        List<Expression> items = [];
        bool hasComma = false;
        do
        {
            bool inParentheses = reader.TryTakeSign("(");
            Expression target = inParentheses ? ParseTarget() : new Expression.Name(reader.ExpectName(), line);
            if (inParentheses) reader.ExpectSign(")");
            else if (reader.TryTakeSign(".")) target = new Expression.Attribute(target, reader.ExpectName(), line);
            items.Add(target);
            if (!reader.Current.IsSign(",")) break;
            hasComma = true;
            reader.Take();
        }
        while (reader.Current.Kind == Name && !reader.Current.IsName("in") || reader.Current.IsSign("("));
        return hasComma ? new Expression.ListOf(items, IsTuple: true, line) : items[0];
    }

    public Arguments ParseArguments()
    {
        reader.ExpectSign("(");
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        while (!reader.TryTakeSign(")"))
        {
            if (reader.Current.Kind == Name && reader.Following.IsSign("="))
            {
                string name = reader.ExpectName();
                reader.Take();
                named.Add((name, Parse()));
            }
            else if (reader.Current.IsSign("*") || reader.Current.IsSign("**")) throw TemplateErrors.Unsupported(reader.Current.Line, "an argument with '*'");
            else positional.Add(Parse());
            if (!reader.Current.IsSign(")")) reader.ExpectSign(",");
        }
        return new Arguments(positional, named);
    }

    /// <summary>The filters behind a value, or of a filter block.</summary>
    public Expression ParseFilter(Expression? target)
    {
        int line = reader.Current.Line;
        string name = reader.ExpectName();
        Arguments arguments = reader.Current.IsSign("(") ? ParseArguments() : Arguments.None;
        return new Expression.Filter(target, name, arguments, line);
    }

    public Expression ParseOr() => ParseLeft(ParseAnd, r => r.TryTakeName("or") ? "or" : null);

    private Expression ParseAnd() => ParseLeft(ParseNot, r => r.TryTakeName("and") ? "and" : null);

    private Expression ParseSum() => ParseLeft(ParseConcatenation, r => r.TryTakeSign("+") ? "+" : r.TryTakeSign("-") ? "-" : null);

    private Expression ParseConcatenation() => ParseLeft(ParseProduct, r => r.TryTakeSign("~") ? "~" : null);

    private Expression ParseProduct() =>
        ParseLeft(ParsePower, r => r.TryTakeSign("*") ? "*" : r.TryTakeSign("//") ? "//" : r.TryTakeSign("/") ? "/" : r.TryTakeSign("%") ? "%" : null);

    private Expression ParsePower() => ParseLeft(() => ParseUnary(withFilters: true), r => r.TryTakeSign("**") ? "**" : null);

    private Expression ParseLeft(Func<Expression> parseOperand, Func<TemplateReader, string?> takeSign)
    {
        int line = reader.Current.Line;
        Expression left = parseOperand();
        while (takeSign(reader) is { } sign) left = new Expression.Binary(sign, left, parseOperand(), line);
        return left;
    }

    private Expression ParseCondition()
    {
        int line = reader.Current.Line;
        Expression value = ParseOr();
        while (reader.TryTakeName("if"))
        {
            Expression test = ParseOr();
            value = new Expression.Condition(test, value, reader.TryTakeName("else") ? Parse() : null, line);
        }
        return value;
    }

    private Expression ParseNot()
    {
        int line = reader.Current.Line;
        return reader.TryTakeName("not") ? new Expression.Unary("not", reader.Deeper(ParseNot), line) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        int line = reader.Current.Line;
        Expression first = ParseSum();
        List<(string, Expression)> rest = [];
        while (true)
        {
            if (reader.Current.Kind == Sign && Comparisons.Contains(reader.Current.Text)) rest.Add((reader.Take().Text, ParseSum()));
            else if (reader.TryTakeName("in")) rest.Add(("in", ParseSum()));
            else if (reader.Current.IsName("not") && reader.Following.IsName("in"))
            {
                reader.Take();
                reader.Take();
                rest.Add(("not in", ParseSum()));
            }
            else return rest.Count == 0 ? first : new Expression.Comparison(first, rest, line);
        }
    }

    private Expression ParseUnary(bool withFilters)
    {
        int line = reader.Current.Line;
        Expression value = reader.TryTakeSign("-") ? new Expression.Unary("-", reader.Deeper(() => ParseUnary(withFilters: false)), line)
            : reader.TryTakeSign("+") ? new Expression.Unary("+", reader.Deeper(() => ParseUnary(withFilters: false)), line)
            : ParsePrimary();
        value = ParsePostfix(value);
        while (withFilters)
        {
            if (reader.TryTakeSign("|")) value = ParseFilter(value);
            else if (reader.TryTakeName("is")) value = ParseTest(value);
            else if (reader.Current.IsSign("(")) value = new Expression.Call(value, ParseArguments(), line);
            else break;
        }
        return value;
    }

    private Expression ParseTest(Expression target)
    {
        int line = reader.Current.Line;
        bool isNegated = reader.TryTakeName("not");
        string name = reader.ExpectName();
        TemplateToken next = reader.Current;
        bool hasArgument = next.Kind is Quoted or Integer or Float || next.IsSign("[") || next.IsSign("{")
            || (next.Kind == Name && next.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not"));
        Arguments arguments = next.IsSign("(") ? ParseArguments() : hasArgument ? new Arguments([ParsePostfix(ParsePrimary())], []) : Arguments.None;
        return new Expression.Test(target, name, arguments, isNegated, line);
    }

    private Expression ParsePrimary()
    {
        TemplateToken token = reader.Take();
        switch (token.Kind)
        {
            case Name: return token.Text switch
            {
                "true" or "True" => new Expression.Literal(true, token.Line),
                "false" or "False" => new Expression.Literal(false, token.Line),
                "none" or "None" => new Expression.Literal(null, token.Line),
                _ => new Expression.Name(token.Text, token.Line),
            };
            case Quoted:
                string text = (string)token.Value!; // not null: a string token has one
                while (reader.Current.Kind == Quoted) text += (string)reader.Take().Value!; // neighbours are one string
                return new Expression.Literal(text, token.Line);
            case Integer or Float: return new Expression.Literal(token.Value, token.Line);
            case Sign when token.Text == "(": return ParseParentheses(token.Line);
            case Sign when token.Text == "[": return new Expression.ListOf(ParseItems("]", Parse), IsTuple: false, token.Line);
            case Sign when token.Text == "{": return new Expression.MapOf(ParseItems("}", ParsePair), token.Line);
            default: throw TemplateErrors.At(token.Line, $"expected a value, got {token}.");
        }
    }

    private Expression ParseParentheses(int line)
    {
        if (reader.TryTakeSign(")")) return new Expression.ListOf([], IsTuple: true, line);
        Expression value = ParseTuple();
        reader.ExpectSign(")");
        return value;
    }

    private List<T> ParseItems<T>(string end, Func<T> parse)
    {
        List<T> items = [];
        while (!reader.TryTakeSign(end))
        {
            items.Add(parse());
            if (!reader.Current.IsSign(end)) reader.ExpectSign(",");
        }
        return items;
    }

    private (Expression Key, Expression Value) ParsePair()
    {
        Expression key = Parse();
        reader.ExpectSign(":");
        return (key, Parse());
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            int line = reader.Current.Line;
            if (reader.TryTakeSign("."))
            {
                TemplateToken token = reader.Take();
                value = token.Kind switch
                {
                    Name => new Expression.Attribute(value, token.Text, line),
                    Integer => new Expression.Item(value, new Expression.Literal(token.Value, line), line),
                    _ => throw TemplateErrors.At(line, $"expected a name behind '.', got {token}."),
                };
            }
            else if (reader.TryTakeSign("[")) value = ParseSubscript(value, line);
            else if (reader.Current.IsSign("(")) value = new Expression.Call(value, ParseArguments(), line);
            else return value;
        }
    }

    private Expression ParseSubscript(Expression target, int line)
    {
        Expression? start = reader.Current.IsSign(":") ? null : Parse();
        if (reader.TryTakeSign("]")) return new Expression.Item(target, start!, line); // not null: there was no ':'
        reader.ExpectSign(":");
        Expression? stop = reader.Current.IsSign(":") || reader.Current.IsSign("]") ? null : Parse();
        Expression? step = reader.TryTakeSign(":") && !reader.Current.IsSign("]") ? Parse() : null;
        reader.ExpectSign("]");
        return new Expression.Slice(target, start, stop, step, line);
    }

    private bool EndsTuple() => reader.Current.Kind is ExpressionEnd or StatementEnd || reader.Current.IsSign(")") || reader.Current.IsName("if");
}
