using System.Linq.Expressions;
using System.Reflection;

namespace LlmFromScratch.Course.Checking;

/// <summary>
/// The inputs of a case, as the call that the check makes: <c>Softmax(logits: [1, 2, 100])</c>, with the names that the learner gave. Where the candidate is
/// no plain method, the case says itself what it asks, through <see cref="Inputs.ShowCall"/>.
/// </summary>
internal static class CaseText
{
    private const int LongestLine = 120;

    /// <summary>Runs a case with the solution in the candidate's place, and writes down what it was called with.</summary>
    /// <param name="one">The case.</param>
    /// <param name="solution">A right implementation: it comes to an end.</param>
    /// <param name="candidate">Gives the names of the method and of its parameters.</param>
    /// <returns>The call; null when the case's name says all there is.</returns>
    public static string? Of<TCandidate>(ExerciseCase<TCandidate> one, TCandidate solution, TCandidate candidate) where TCandidate : class
    {
        var inputs = new Inputs();
        if (solution is not Delegate right || candidate is not Delegate asked)
        {
            one.Ask(solution, inputs);
            return inputs.CallText;
        }
        string? first = null;
        int calls = 0;
        one.Ask((TCandidate)(object)Recording(right, arguments =>
        {
            if (calls++ == 0) first = Write(MethodName(asked), ParameterNames(asked, arguments.Length), [.. arguments.Select(argument => Literal.Of(argument, inputs.Texts))]);
        }), inputs);
        return inputs.CallText ?? (calls > 1 ? $"{first}, the first of {calls} calls" : first);
    }

    /// <summary>A call on one line, or with an argument a line where that would be long.</summary>
    public static string Write(string method, IReadOnlyList<string> names, IReadOnlyList<string> values)
    {
        string[] arguments = [.. values.Select((value, i) => names.Count > i ? $"{names[i]}: {value}" : value)];
        string line = $"{method}({string.Join(", ", arguments)})";
        return line.Length <= LongestLine ? line : $"{method}(\n  {string.Join(",\n  ", arguments)})";
    }

    // A delegate of the same type that hands its arguments to seen first.
    private static Delegate Recording(Delegate target, Action<object?[]> seen)
    {
        ParameterExpression[] parameters = [.. Parameters(target).Select(parameter => Expression.Parameter(parameter.ParameterType, parameter.Name))];
        Expression arguments = Expression.NewArrayInit(typeof(object), parameters.Select(parameter => Expression.Convert(parameter, typeof(object))));
        Expression body = Expression.Block(Expression.Invoke(Expression.Constant(seen), arguments), Expression.Invoke(Expression.Constant(target), parameters));
        return Expression.Lambda(target.GetType(), body, parameters).Compile();
    }

    private static ParameterInfo[] Parameters(Delegate target) => target.GetType().GetMethod("Invoke")!.GetParameters(); // every delegate type has it

    // "Softmax"; a local function's name without what the compiler puts around it; nothing for a lambda.
    private static string MethodName(Delegate candidate)
    {
        string name = candidate.Method.Name;
        int local = name.IndexOf(">g__", StringComparison.Ordinal);
        return local >= 0 ? name[(local + 4)..name.IndexOf('|')] : name.Contains('<') ? "" : name;
    }

    private static string[] ParameterNames(Delegate candidate, int count)
    {
        // behind the hidden one that an extension method's receiver or a closure is
        string[] names = [.. candidate.Method.GetParameters().TakeLast(count).Select(parameter => parameter.Name ?? "")];
        return names.Length == count && names.All(name => name.Trim('_').Length > 0) ? names : [];
    }
}
