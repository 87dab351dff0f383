using System.Text;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>Runs a template's statements and collects what they print. One renderer serves one rendering.</summary>
internal sealed class TemplateRenderer
{
    private enum Flow
    {
        Normal, Break, Continue,
    }

    private readonly TemplateLimits _limits = new();
    private readonly ExpressionEvaluator _evaluator;
    private StringBuilder _output = new();
    private int _depth;

    public TemplateRenderer() => _evaluator = new ExpressionEvaluator(_limits);

    /// <summary>The output of a whole template.</summary>
    public string Render(IReadOnlyList<Statement> body, TemplateScope scope)
    {
        Run(body, scope);
        return _output.ToString();
    }

    private Flow Run(IReadOnlyList<Statement> body, TemplateScope scope)
    {
        foreach (Statement statement in body)
        {
            _limits.Step(statement.Line);
            Flow flow = Run(statement, scope);
            if (flow != Flow.Normal) return flow;
        }
        return Flow.Normal;
    }

    private Flow Run(Statement statement, TemplateScope scope)
    {
        switch (statement)
        {
            case Statement.Text text: Print(text.Value, text.Line); break;
            case Statement.Print print: Print(TemplateValues.ToText(_evaluator.Evaluate(print.Value, scope)), print.Line); break;
            case Statement.Set set: Assign(set.Target, _evaluator.Evaluate(set.Value, scope), scope); break;
            case Statement.SetBlock set:
                object? captured = Capture(set.Body, new TemplateScope(scope));
                Assign(set.Target, set.Filter is null ? captured : _evaluator.ApplyFilters(set.Filter, captured, scope), scope);
                break;
            case Statement.If condition: return RunIf(condition, scope);
            case Statement.For loop: RunLoop(loop, _evaluator.Evaluate(loop.Source, scope), scope, depth: 0); break;
            case Statement.Macro macro: scope.Set(macro.Name, Define(macro.Signature, macro.Body, macro.Name, scope)); break;
            case Statement.CallBlock call: RunCall(call, scope); break;
            case Statement.FilterBlock filter:
                Print(TemplateValues.ToText(_evaluator.ApplyFilters(filter.Filter, Capture(filter.Body, new TemplateScope(scope)), scope)), filter.Line);
                break;
            case Statement.With with: return RunWith(with, scope);
            case Statement.Break: return Flow.Break;
            case Statement.Continue: return Flow.Continue;
        }
        return Flow.Normal;
    }

    private Flow RunIf(Statement.If condition, TemplateScope scope)
    {
        foreach ((Expression test, IReadOnlyList<Statement> body) in condition.Branches)
            if (TemplateValues.IsTrue(_evaluator.Evaluate(test, scope))) return Run(body, scope);
        return Run(condition.Else, scope);
    }

    private Flow RunWith(Statement.With with, TemplateScope scope)
    {
        TemplateScope inner = new(scope);
        foreach ((Expression target, Expression value) in with.Variables) Assign(target, _evaluator.Evaluate(value, scope), inner);
        return Run(with.Body, inner);
    }

    private void RunLoop(Statement.For loop, object? source, TemplateScope scope, int depth)
    {
        List<object?> items = TemplateValues.Iterate(source, loop.Line);
        if (loop.Filter is not null) items = items.FindAll(item => Passes(loop, item, scope));
        TemplateFunction? again = loop.IsRecursive ? a => Deeper(loop.Line, () => RunLoop(loop, a.Get(0, "items"), scope, depth + 1)) : null;
        List<object?> changed = [];
        for (int i = 0; i < items.Count; i++)
        {
            _limits.Step(loop.Line);
            TemplateScope inner = new(scope);
            TemplateNamespace state = TemplateLoop.At(items, i, depth, again, changed);
            inner.Set("loop", state);
            Assign(loop.Target, items[i], inner);
            if (Run(loop.Body, inner) == Flow.Break) break;
        }
        if (items.Count == 0) Run(loop.Else, new TemplateScope(scope));
    }

    private bool Passes(Statement.For loop, object? item, TemplateScope scope)
    {
        _limits.Step(loop.Line);
        TemplateScope inner = new(scope);
        Assign(loop.Target, item, inner);
        return TemplateValues.IsTrue(_evaluator.Evaluate(loop.Filter!, inner)); // not null: the caller saw to it
    }

    private TemplateFunction Define(Signature signature, IReadOnlyList<Statement> body, string name, TemplateScope scope) => arguments =>
    {
        TemplateScope inner = new(scope);
        if (arguments.Positional.Count > signature.Parameters.Count)
            throw TemplateErrors.At(arguments.Line, $"macro '{name}': expected at most {signature.Parameters.Count} arguments, got {arguments.Positional.Count}.");
        foreach (string given in arguments.Named.Keys)
            if (given != "caller" && !signature.Parameters.Any(p => p.Name == given))
                throw TemplateErrors.At(arguments.Line, $"macro '{name}': there is no parameter '{given}'.");
        for (int i = 0; i < signature.Parameters.Count; i++)
        {
            (string parameter, Expression? fallback) = signature.Parameters[i];
            inner.Set(parameter, arguments.Has(i, parameter) ? arguments.Get(i, parameter)
                : fallback is null ? new Undefined(parameter) : _evaluator.Evaluate(fallback, inner));
        }
        if (arguments.Named.TryGetValue("caller", out object? caller)) inner.Set("caller", caller);
        return Deeper(arguments.Line, () => Run(body, inner));
    };

    private void RunCall(Statement.CallBlock call, TemplateScope scope)
    {
        CallArguments arguments = _evaluator.EvaluateArguments(call.Call.Arguments, scope, call.Line);
        arguments.Named["caller"] = Define(call.Signature, call.Body, "caller", scope);
        object? result = ExpressionEvaluator.Call(_evaluator.Evaluate(call.Call.Target, scope), arguments, call.Line);
        Print(TemplateValues.ToText(result), call.Line);
    }

    // What a body prints, one call deeper.
    private object? Deeper(int line, Action run)
    {
        if (++_depth > TemplateLimits.DeepestCalls) throw TemplateErrors.At(line, $"more than {TemplateLimits.DeepestCalls} macros or recursive loops inside one another.");
        StringBuilder outer = _output;
        _output = new StringBuilder();
        run();
        string text = _output.ToString();
        (_output, _depth) = (outer, _depth - 1);
        return _limits.Count(text, line);
    }

    private object? Capture(IReadOnlyList<Statement> body, TemplateScope scope) => Deeper(body.Count > 0 ? body[0].Line : 1, () => Run(body, scope));

    private static void Assign(Expression target, object? value, TemplateScope scope)
    {
        switch (target)
        {
            case Expression.Name name: scope.Set(name.Text, value); break;
            case Expression.Attribute { Target: Expression.Name space } attribute:
                if (scope.Get(space.Text) is not TemplateNamespace found) throw TemplateErrors.At(target.Line, $"'{space.Text}' is no namespace; only its attributes can be set.");
                found.Items[attribute.Text] = value;
                break;
            case Expression.ListOf list:
                List<object?> parts = TemplateValues.Iterate(value, target.Line);
                if (parts.Count != list.Items.Count) throw TemplateErrors.At(target.Line, $"expected {list.Items.Count} values to unpack, got {parts.Count}.");
                for (int i = 0; i < parts.Count; i++) Assign(list.Items[i], parts[i], scope);
                break;
        }
    }

    private void Print(string text, int line)
    {
        if ((long)_output.Length + text.Length > TemplateLimits.MostCharacters)
            throw TemplateErrors.At(line, $"the output has more than {TemplateLimits.MostCharacters} characters.");
        _output.Append(text);
    }
}
