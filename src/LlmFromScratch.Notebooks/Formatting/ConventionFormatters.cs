using System.Collections;
using System.Reflection;

namespace LlmFromScratch.Notebooks.Formatting;

/// <summary>
/// The formatters that a type names by .NET Interactive's convention, found by name so that no package has to be shared: an attribute with
/// the simple name <c>TypeFormatterSourceAttribute</c> on the type, a base type or an interface, with <c>Type FormatterSourceType</c> and
/// <c>string[] PreferredMimeTypes</c>; the source type has <c>CreateTypeFormatters()</c>, whose items have <c>string MimeType</c> and
/// <c>bool Format(object, TextWriter)</c>. Source: dotnet/interactive, docs/formatting.md.
/// </summary>
internal sealed class ConventionFormatters
{
    private const string AttributeName = "TypeFormatterSourceAttribute";

    private readonly List<(string MimeType, Func<object, TextWriter, bool> Format)> _formatters = [];
    private readonly IReadOnlyList<string> _preferredMimeTypes;

    private ConventionFormatters(Type sourceType, IReadOnlyList<string>? preferredMimeTypes)
    {
        object source = Activator.CreateInstance(sourceType)
            ?? throw new InvalidDataException($"{sourceType.Name}: expected a class with a constructor without parameters.");
        MethodInfo create = sourceType.GetMethod("CreateTypeFormatters", Type.EmptyTypes) ?? throw Missing(sourceType, "CreateTypeFormatters()");
        foreach (object formatter in Call(create, source) as IEnumerable ?? throw Missing(sourceType, "a sequence from CreateTypeFormatters()"))
        {
            Type type = formatter.GetType();
            string mimeType = type.GetProperty("MimeType")?.GetValue(formatter) as string ?? throw Missing(type, "string MimeType");
            MethodInfo format = type.GetMethod("Format", [typeof(object), typeof(TextWriter)]) ?? throw Missing(type, "bool Format(object, TextWriter)");
            _formatters.Add((mimeType, (value, writer) => Call(format, formatter, value, writer) is true));
        }
        _preferredMimeTypes = preferredMimeTypes is { Count: > 0 } ? preferredMimeTypes : [.. _formatters.Select(formatter => formatter.MimeType).Distinct()];
    }

    /// <summary>The formatters of <paramref name="type"/>: its own, else the nearest base type's, else an interface's; null when it names none.</summary>
    /// <exception cref="InvalidDataException">The attribute or its source does not keep to the convention.</exception>
    public static ConventionFormatters? Find(Type type)
    {
        for (Type? owner = type; owner is not null; owner = owner.BaseType)
        {
            if (ReadAttribute(owner) is { } own)
                return own;
        }
        return type.GetInterfaces().OrderBy(face => face.FullName, StringComparer.Ordinal).Select(ReadAttribute).FirstOrDefault(found => found is not null);
    }

    /// <summary>One text for each preferred MIME type that a formatter answers for, in the order of preference.</summary>
    public IEnumerable<(string MimeType, string Text)> Format(object value)
    {
        foreach (string mimeType in _preferredMimeTypes)
        {
            foreach ((string offered, Func<object, TextWriter, bool> format) in _formatters)
            {
                using var writer = new StringWriter { NewLine = "\n" };
                if (offered == mimeType && format(value, writer))
                {
                    yield return (mimeType, writer.ToString());
                    break;
                }
            }
        }
    }

    private static ConventionFormatters? ReadAttribute(Type owner)
    {
        object? attribute = owner.GetCustomAttributes(inherit: false).FirstOrDefault(candidate => candidate.GetType().Name == AttributeName);
        if (attribute is null)
            return null;
        Type sourceType = Property("FormatterSourceType") as Type ?? throw Missing(attribute.GetType(), "Type FormatterSourceType");
        return new ConventionFormatters(sourceType, Property("PreferredMimeTypes") as string[]);

        object? Property(string name) => attribute.GetType().GetProperty(name)?.GetValue(attribute);
    }

    // Exceptions of a formatter surface as themselves, not wrapped by reflection.
    private static object? Call(MethodInfo method, object target, params object[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private static InvalidDataException Missing(Type type, string member) =>
        new($"{type.Name}: the notebook's formatter convention expects {member}, and it has none.");
}
