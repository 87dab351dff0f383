using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace LlmFromScratch.Cli;

/// <summary>What the parser found wrong, in words for whoever typed it: System.CommandLine names .NET types where a number was expected.</summary>
internal static partial class ParseFailure
{
    public static string Describe(ParseError error) => ExpectedType().Replace(error.Message, match => $"; expected {Words(match.Groups[1].Value)}.");

    private static string Words(string type) => type switch
    {
        _ when type.Contains("UInt") => "a whole number of at least 0",
        _ when type.Contains("Int") => "a whole number",
        _ when type.Contains("Single") || type.Contains("Double") => "a number, for example 0.8",
        _ when type.Contains("Boolean") => "true or false",
        _ => "another kind of value",
    };

    [GeneratedRegex(@" as expected type '(.+)'\.$")]
    private static partial Regex ExpectedType();
}
