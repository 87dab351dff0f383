using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// A C# variable that a cell of JavaScript reads, as .NET Interactive writes it: <c>#!share --from csharp NAME [--as OTHER]</c> or
/// <c>#!set --name OTHER --value @csharp:NAME</c>. It crosses as JSON and becomes a global variable of the page.
/// </summary>
/// <param name="Name">The C# variable.</param>
/// <param name="Alias">What JavaScript calls it.</param>
/// <param name="Place">The cell and line that ask for it, for messages.</param>
internal sealed record SharedValue(string Name, string Alias, string Place)
{
    private const string Source = "@csharp:";

    // The default encoder writes < as \u003C, so that no value can end the script that holds it.
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Reads a magic command without its <c>#!</c>; null when it is another command.</summary>
    /// <exception cref="NotSupportedException">It is one of the two, but not in a form that is known.</exception>
    public static SharedValue? Parse(string magic, string place)
    {
        string[] words = magic.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        SharedValue? value = words switch
        {
            ["share", "--from", "csharp", var name] => new SharedValue(name, name, place),
            ["share", var name, "--from", "csharp"] => new SharedValue(name, name, place),
            ["share", "--from", "csharp", var name, "--as", var alias] => new SharedValue(name, alias, place),
            ["share", var name, "--from", "csharp", "--as", var alias] => new SharedValue(name, alias, place),
            ["set", "--name", var alias, "--value", var from] when from.StartsWith(Source, StringComparison.Ordinal) => new SharedValue(from[Source.Length..], alias, place),
            ["set", "--value", var from, "--name", var alias] when from.StartsWith(Source, StringComparison.Ordinal) => new SharedValue(from[Source.Length..], alias, place),
            _ => null,
        };
        if (value is null && words is ["share" or "set", ..]) throw new NotSupportedException(
            $"{place}: \"#!{magic}\": expected #!share --from csharp NAME [--as OTHER], or #!set --name OTHER --value {Source}NAME.");
        return value;
    }

    /// <summary>The statement that declares the value in JavaScript.</summary>
    /// <param name="valueOf">Finds the value of a C# variable.</param>
    /// <exception cref="ArgumentException">There is no such variable, or JSON cannot hold its value; the message names the line.</exception>
    public string Declaration(Func<string, object?> valueOf)
    {
        try
        {
            return $"globalThis[{JsonSerializer.Serialize(Alias)}] = {JsonSerializer.Serialize(valueOf(Name), Json)};\n";
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or ArgumentException)
        {
            throw new ArgumentException($"{Place}: the C# variable {Name} cannot be shared: {exception.Message}", exception);
        }
    }
}
