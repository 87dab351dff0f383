namespace LlmFromScratch.Tokenization.Templates;

/// <summary>What a template may use up: it comes with a file from anywhere, so it is not trusted to end.</summary>
internal sealed class TemplateLimits
{
    /// <summary>Characters of the output, and of any string on the way.</summary>
    public const int MostCharacters = 16 << 20;

    /// <summary>Statements, expressions and rounds of loops; a long string or list counts as more than one.</summary>
    public const int MostSteps = 5_000_000;

    /// <summary>Macros and recursive loops inside one another.</summary>
    public const int DeepestCalls = 100;

    private const int CharactersPerStep = 1024, ItemsPerStep = 16; // about the same time each

    private long _steps;

    /// <summary>Counts one step.</summary>
    public void Step(int line)
    {
        if (++_steps > MostSteps) throw TemplateErrors.At(line, $"more than {MostSteps} steps; does a loop run without end?");
    }

    /// <summary>Counts what it takes to handle a value.</summary>
    public object? Count(object? value, int line)
    {
        _steps += value switch
        {
            string text => text.Length / CharactersPerStep,
            TemplateList list => list.Items.Count / ItemsPerStep,
            TemplateMap map => map.Items.Count / ItemsPerStep,
            _ => 0,
        };
        if (value is string { Length: var length }) CheckLength(length, line);
        Step(line);
        return value;
    }

    /// <summary>Refuses a length before a string or list of it is made.</summary>
    public static void CheckLength(long length, int line)
    {
        if (length > MostCharacters) throw TemplateErrors.At(line, $"more than {MostCharacters} characters or items.");
    }
}
