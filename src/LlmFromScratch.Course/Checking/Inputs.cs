namespace LlmFromScratch.Course.Checking;

/// <summary>Hands a case's arrays to a candidate as copies, sees afterwards whether the candidate wrote into them, and knows how to write down what
/// cannot be read off the arguments.</summary>
internal sealed class Inputs
{
    private readonly List<(Array Original, Array Given)> _arrays = [];
    private readonly Dictionary<object, string> _texts = new(ReferenceEqualityComparer.Instance);

    /// <summary>What <see cref="Show{T}"/> was told, by reference.</summary>
    public IReadOnlyDictionary<object, string> Texts => _texts;

    private (string Method, (string Name, object Value)[] Arguments)? _call;

    /// <summary>What the case asks, where it is not one call of a plain method; otherwise null.</summary>
    public string? CallText => _call is not { } call ? null
        : CaseText.Write(call.Method, [.. call.Arguments.Select(argument => argument.Name)], [.. call.Arguments.Select(argument => Literal.Of(argument.Value, _texts))]);

    /// <summary>A copy for the candidate, watched.</summary>
    public T[] Copy<T>(T[] values)
    {
        T[] given = (T[])values.Clone();
        _arrays.Add((values, given));
        return given;
    }

    /// <summary>An argument of which nothing can be seen, such as a function, and how to write it.</summary>
    public T Show<T>(T value, string text) where T : class
    {
        _texts[value] = text;
        return value;
    }

    /// <summary>What the case asks of a candidate that is more than a method: a backend, a tokenizer.</summary>
    public void ShowCall(string method, params (string Name, object Value)[] arguments) => _call = (method, arguments);

    /// <summary>Which array was written to, in words; null when none was.</summary>
    public string? FindModified()
    {
        for (int a = 0; a < _arrays.Count; a++)
        {
            (Array original, Array given) = _arrays[a];
            for (int i = 0; i < original.Length; i++)
            {
                if (Equals(original.GetValue(i), given.GetValue(i))) continue;
                string which = _arrays.Count == 1 ? "the input" : $"input {a + 1}";
                return FormattableString.Invariant($"{which} was changed: index {i} held {original.GetValue(i)}, now {given.GetValue(i)}");
            }
        }
        return null;
    }
}
