using static LlmFromScratch.Tokenization.Templates.TemplateTokenKind;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>Parses a template's tokens into statements: the part of Jinja that chat templates use. What is no part of it is refused by name.</summary>
internal sealed class TemplateParser
{
    private readonly TemplateReader _reader;
    private readonly ExpressionParser _expressions;

    private TemplateParser(List<TemplateToken> tokens)
    {
        _reader = new TemplateReader(tokens);
        _expressions = new ExpressionParser(_reader);
    }

    /// <summary>The statements of a template.</summary>
    /// <exception cref="InvalidDataException">The source is broken; the message names the line.</exception>
    /// <exception cref="NotSupportedException">The source uses a statement that is not supported.</exception>
    public static IReadOnlyList<Statement> Parse(string source)
    {
        TemplateParser parser = new(TemplateLexer.Read(source));
        List<Statement> body = parser.ParseBody(out string? end);
        return end is null ? body : throw TemplateErrors.At(parser._reader.Current.Line, $"'{end}' closes nothing.");
    }

    // Statements up to one of the given words, which is taken; its tag's rest is not.
    private List<Statement> ParseBody(out string? end, params ReadOnlySpan<string> ends)
    {
        List<Statement> body = [];
        while (true)
        {
            TemplateToken token = _reader.Take();
            switch (token.Kind)
            {
                case Text:
                    body.Add(new Statement.Text(token.Text, token.Line));
                    break;
                case ExpressionStart:
                    body.Add(new Statement.Print(_expressions.ParseTuple(), token.Line));
                    _reader.Expect(ExpressionEnd, "'}}'");
                    break;
                case StatementStart:
                    string word = _reader.ExpectName();
                    if (ends.Contains(word) || word is "else" or "elif" || word.StartsWith("end", StringComparison.Ordinal))
                    {
                        if (!ends.Contains(word)) throw TemplateErrors.At(token.Line, $"'{word}' closes nothing; expected {(ends.IsEmpty ? "none" : string.Join(" or ", ends.ToArray()))}.");
                        end = word;
                        return body;
                    }
                    body.Add(_reader.Deeper(() => ParseStatement(word, token.Line)));
                    break;
                default:
                    if (!ends.IsEmpty) throw TemplateErrors.At(token.Line, $"expected '{ends[^1]}', got {token}.");
                    end = null;
                    return body;
            }
        }
    }

    private Statement ParseStatement(string word, int line) => word switch
    {
        "if" => ParseIf(line),
        "for" => ParseFor(line),
        "set" => ParseSet(line),
        "macro" => ParseMacro(line),
        "call" => ParseCall(line),
        "filter" => new Statement.FilterBlock(ParseFilters(), Block("endfilter"), line),
        "with" => ParseWith(line),
        "generation" => new Statement.With([], Block("endgeneration"), line), // only marks the answer's text, for training
        "break" => EndTag(new Statement.Break(line)),
        "continue" => EndTag(new Statement.Continue(line)),
        _ => throw TemplateErrors.Unsupported(line, $"the statement '{word}'"),
    };

    private Statement.If ParseIf(int line)
    {
        List<(Expression, IReadOnlyList<Statement>)> branches = [];
        string? end;
        do
        {
            Expression test = _expressions.ParseTuple();
            EndTag();
            branches.Add((test, ParseBody(out end, "elif", "else", "endif")));
        }
        while (end == "elif");
        return new Statement.If(branches, ParseElse(end, "endif"), line);
    }

    private Statement.For ParseFor(int line)
    {
        Expression target = _expressions.ParseTarget();
        if (!_reader.TryTakeName("in")) throw TemplateErrors.At(line, $"expected 'in', got {_reader.Current}.");
        Expression source = _expressions.ParseTuple(withCondition: false);
        Expression? filter = _reader.TryTakeName("if") ? _expressions.Parse() : null;
        bool isRecursive = _reader.TryTakeName("recursive");
        EndTag();
        List<Statement> body = ParseBody(out string? end, "else", "endfor");
        return new Statement.For(target, source, filter, isRecursive, body, ParseElse(end, "endfor"), line);
    }

    private List<Statement> ParseElse(string? word, string end)
    {
        EndTag();
        return word == "else" ? Body(end) : [];
    }

    private Statement ParseSet(int line)
    {
        Expression target = _expressions.ParseTarget();
        if (_reader.TryTakeSign("="))
        {
            Expression value = _expressions.ParseTuple();
            return EndTag(new Statement.Set(target, value, line));
        }
        Expression? filter = _reader.TryTakeSign("|") ? ParseFilters() : null;
        return new Statement.SetBlock(target, filter, Block("endset"), line);
    }

    private Expression ParseFilters()
    {
        Expression filter = _expressions.ParseFilter(null);
        while (_reader.TryTakeSign("|")) filter = _expressions.ParseFilter(filter);
        return filter;
    }

    private Statement.Macro ParseMacro(int line)
    {
        string name = _reader.ExpectName();
        Signature signature = ParseSignature();
        return new Statement.Macro(name, signature, Block("endmacro"), line);
    }

    private Signature ParseSignature()
    {
        List<(string, Expression?)> parameters = [];
        _reader.ExpectSign("(");
        while (!_reader.TryTakeSign(")"))
        {
            string name = _reader.ExpectName();
            parameters.Add((name, _reader.TryTakeSign("=") ? _expressions.Parse() : null));
            if (!_reader.Current.IsSign(")")) _reader.ExpectSign(",");
        }
        return new Signature(parameters);
    }

    private Statement.CallBlock ParseCall(int line)
    {
        Signature signature = _reader.Current.IsSign("(") ? ParseSignature() : Signature.None;
        Expression call = _expressions.Parse();
        return call is Expression.Call target ? new Statement.CallBlock(signature, target, Block("endcall"), line)
            : throw TemplateErrors.At(line, "expected a call behind 'call'.");
    }

    private Statement.With ParseWith(int line)
    {
        List<(Expression, Expression)> variables = [];
        while (_reader.Current.Kind != StatementEnd)
        {
            Expression target = _expressions.ParseTarget();
            _reader.ExpectSign("=");
            variables.Add((target, _expressions.Parse()));
            if (_reader.Current.Kind != StatementEnd) _reader.ExpectSign(",");
        }
        return new Statement.With(variables, Block("endwith"), line);
    }

    // The rest of this tag, and the statements up to the end tag.
    private List<Statement> Block(string end)
    {
        EndTag();
        return Body(end);
    }

    private List<Statement> Body(string end)
    {
        List<Statement> body = ParseBody(out _, end);
        if (end == "endmacro" && _reader.Current.Kind == Name) _reader.Take(); // {% endmacro name %}
        EndTag();
        return body;
    }

    private void EndTag() => _reader.Expect(StatementEnd, "'%}'");

    private T EndTag<T>(T statement)
    {
        EndTag();
        return statement;
    }
}
