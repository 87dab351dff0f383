namespace LlmFromScratch.Visuals;

/// <summary>
/// Says which type makes the formatters of the marked class. Notebook hosts look for an attribute of this simple name by reflection, so a
/// library can offer rich output without a reference to any host: the named type has <c>CreateTypeFormatters()</c>, which returns objects
/// with <c>string MimeType</c> and <c>bool Format(object, TextWriter)</c>.
/// Source: Microsoft.DotNet.Interactive.Formatting 1.0, convention-based formatter sources. Used by every chapter's figures.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The type with a parameterless constructor and the method <c>CreateTypeFormatters()</c>.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The MIME types that a host shows when none is asked for, the richest first.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}
