using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Cli;

/// <summary>What the parser found wrong, in words for whoever typed it: System.CommandLine names .NET types where a number was expected.</summary>
internal static partial class ParseFailure
{
    public static string Describe(ParseError error)
    {
        if (Choice().Match(error.Message) is { Success: true } choice)
        {
            string names = string.Join(", ", Quoted().Matches(choice.Groups[2].Value).Select(name => name.Groups[1].Value));
            return $"{NameOf(error.SymbolResult)}'{choice.Groups[1].Value}' is not known; expected one of {names}.";
        }
        return ExpectedType().Replace(error.Message, match => $"; expected {Words(match.Groups[1].Value)}.");
    }

    private static string NameOf(SymbolResult? symbol) => symbol switch
    {
        OptionResult option => option.Option.Name + " ",
        ArgumentResult { Parent: OptionResult option } => option.Option.Name + " ",
        ArgumentResult argument => argument.Argument.Name + " ",
        _ => "",
    };

    private static string Words(string type) => type switch
    {
        _ when type.Contains("UInt") => "a whole number of at least 0",
        _ when type.Contains("Int") => "a whole number",
        _ when type.Contains("Single") || type.Contains("Double") => "a number, for example 0.8",
        _ when type.Contains("Boolean") => "true or false",
        _ when type.Contains("TaleSplit") => string.Join(" or ", Enum.GetNames<TaleSplit>()),
        _ => "another kind of value",
    };

    [GeneratedRegex(@"^Argument '(.*)' not recognized\. Must be one of:(.*)$", RegexOptions.Singleline)]
    private static partial Regex Choice();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@" as expected type '([^']+)'\..*$", RegexOptions.Singleline)] // behind it may stand a guess of what was meant
    private static partial Regex ExpectedType();
}
