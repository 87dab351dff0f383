namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The variables of a block; those of the blocks around it are seen, and hidden where a name is set anew.</summary>
internal sealed class TemplateScope(TemplateScope? outer)
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public object? Get(string name)
    {
        for (TemplateScope? scope = this; scope is not null; scope = scope.Outer)
            if (scope._variables.TryGetValue(name, out object? value)) return value;
        return new Undefined(name);
    }

    public void Set(string name, object? value) => _variables[name] = value;

    private TemplateScope? Outer => outer;
}
