namespace LlmFromScratch.Tokenization.Templates;

/// <summary>Gives expressions their values.</summary>
internal sealed class ExpressionEvaluator(TemplateLimits limits)
{
    public object? Evaluate(Expression expression, TemplateScope scope)
    {
        return limits.Count(expression switch
        {
            Expression.Literal literal => literal.Value,
            Expression.Name name => scope.Get(name.Text),
            Expression.ListOf list => new TemplateList([.. list.Items.Select(item => Evaluate(item, scope))], list.IsTuple),
            Expression.MapOf map => EvaluateMap(map, scope),
            Expression.Attribute attribute => TemplateAccess.Attribute(Evaluate(attribute.Target, scope), attribute.Text, attribute.Line),
            Expression.Item item => TemplateAccess.Item(Evaluate(item.Target, scope), Evaluate(item.Key, scope), item.Line),
            Expression.Slice slice => EvaluateSlice(slice, scope),
            Expression.Call call => Call(Evaluate(call.Target, scope), EvaluateArguments(call.Arguments, scope, call.Line), call.Line),
            Expression.Filter filter => TemplateFilters.Apply(this, filter.Text, Evaluate(filter.Target!, scope), EvaluateArguments(filter.Arguments, scope, filter.Line)), // not null: only a filter block's first one is, and that is bound there
            Expression.Test test => TemplateTests.Is(test.Text, Evaluate(test.Target, scope), EvaluateArguments(test.Arguments, scope, test.Line)) != test.IsNegated,
            Expression.Unary unary => EvaluateUnary(unary, scope),
            Expression.Binary binary => EvaluateBinary(binary, scope),
            Expression.Comparison comparison => EvaluateComparison(comparison, scope),
            Expression.Condition condition => TemplateValues.IsTrue(Evaluate(condition.If, scope)) ? Evaluate(condition.Then, scope)
                : condition.Else is null ? new Undefined("the value of an 'if' without 'else'") : Evaluate(condition.Else, scope),
            _ => throw TemplateErrors.Unsupported(expression.Line, expression.GetType().Name),
        }, expression.Line);
    }

    /// <summary>The filters of a block, applied to its text.</summary>
    public object? ApplyFilters(Expression filter, object? value, TemplateScope scope)
    {
        Expression.Filter outer = (Expression.Filter)filter;
        object? input = outer.Target is null ? value : ApplyFilters(outer.Target, value, scope);
        return limits.Count(TemplateFilters.Apply(this, outer.Text, input, EvaluateArguments(outer.Arguments, scope, outer.Line)), outer.Line);
    }

    public CallArguments EvaluateArguments(Arguments arguments, TemplateScope scope, int line)
    {
        Dictionary<string, object?> named = new(StringComparer.Ordinal);
        foreach ((string name, Expression value) in arguments.Named) named[name] = Evaluate(value, scope);
        return new CallArguments([.. arguments.Positional.Select(value => Evaluate(value, scope))], named, line);
    }

    public static object? Call(object? target, CallArguments arguments, int line) => target switch
    {
        TemplateFunction function => function(arguments),
        TemplateNamespace loop when loop.Items.TryGetValue(TemplateLoop.CallName, out object? again) => ((TemplateFunction)again!)(arguments), // not null: only loops set it
        _ => throw TemplateErrors.At(line, target is Undefined missing ? $"{missing}; it cannot be called." : $"{TemplateValues.TypeName(target)} cannot be called."),
    };

    private TemplateMap EvaluateMap(Expression.MapOf map, TemplateScope scope)
    {
        TemplateMap result = new();
        foreach ((Expression key, Expression value) in map.Items)
            result.Items[Evaluate(key, scope) ?? throw TemplateErrors.At(map.Line, "a key is none.")] = Evaluate(value, scope);
        return result;
    }

    private object? EvaluateSlice(Expression.Slice slice, TemplateScope scope)
    {
        object? target = Evaluate(slice.Target, scope);
        if (target is Undefined missing) throw TemplateErrors.At(slice.Line, $"{missing}; it has no items.");
        if (target is not (string or TemplateList { IsGenerator: false })) throw TemplateErrors.At(slice.Line, $"{TemplateValues.TypeName(target)} has no slices.");
        List<object?> items = TemplateValues.Iterate(target, slice.Line);
        int step = Bound(slice.Step, 1), count = items.Count;
        if (step == 0) throw TemplateErrors.At(slice.Line, "a slice's step is 0.");
        int start = Place(Bound(slice.Start, step > 0 ? 0 : int.MaxValue)), stop = slice.Stop is null && step < 0 ? -1 : Place(Bound(slice.Stop, int.MaxValue));
        List<object?> taken = [];
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) taken.Add(items[(int)i]);
        return target is string ? string.Concat(taken) : new TemplateList(taken, target is TemplateList { IsTuple: true });

        int Bound(Expression? bound, int fallback) => bound is null ? fallback : Evaluate(bound, scope) switch
        {
            null => fallback,
            long value => (int)Math.Clamp(value, -int.MaxValue, int.MaxValue),
            object other => throw TemplateErrors.At(slice.Line, $"expected whole numbers in a slice, got {TemplateValues.TypeName(other)}."),
        };

        int Place(int bound)
        {
            long place = bound < 0 ? (long)bound + count : bound; // from the end
            return (int)(step > 0 ? Math.Clamp(place, 0, count) : Math.Clamp(place, -1, count - 1));
        }
    }

    private object? EvaluateUnary(Expression.Unary unary, TemplateScope scope)
    {
        object? value = Evaluate(unary.Operand, scope);
        return (unary.Sign, value) switch
        {
            ("not", _) => !TemplateValues.IsTrue(value),
            ("-", long n) => unchecked(-n),
            ("-", double d) => -d,
            ("-" or "+", bool b) => unary.Sign == "-" ? b ? -1L : 0L : b ? 1L : 0L,
            ("+", long or double) => value,
            _ => throw TemplateErrors.At(unary.Line, $"'{unary.Sign}' of {TemplateValues.TypeName(value)}."),
        };
    }

    private object? EvaluateBinary(Expression.Binary binary, TemplateScope scope)
    {
        object? left = Evaluate(binary.Left, scope);
        if (binary.Sign == "and") return TemplateValues.IsTrue(left) ? Evaluate(binary.Right, scope) : left;
        if (binary.Sign == "or") return TemplateValues.IsTrue(left) ? left : Evaluate(binary.Right, scope);
        return TemplateArithmetic.Combine(binary.Sign, left, Evaluate(binary.Right, scope), binary.Line);
    }

    private object? EvaluateComparison(Expression.Comparison comparison, TemplateScope scope)
    {
        object? left = Evaluate(comparison.First, scope);
        foreach ((string sign, Expression expression) in comparison.Rest)
        {
            object? right = Evaluate(expression, scope);
            bool holds = sign switch
            {
                "==" => TemplateValues.AreEqual(left, right),
                "!=" => !TemplateValues.AreEqual(left, right),
                "in" => TemplateValues.Contains(right, left, comparison.Line),
                "not in" => !TemplateValues.Contains(right, left, comparison.Line),
                "<" => TemplateValues.Compare(left, right, comparison.Line) < 0,
                "<=" => TemplateValues.Compare(left, right, comparison.Line) <= 0,
                ">" => TemplateValues.Compare(left, right, comparison.Line) > 0,
                _ => TemplateValues.Compare(left, right, comparison.Line) >= 0,
            };
            if (!holds) return false;
            left = right;
        }
        return true;
    }
}
