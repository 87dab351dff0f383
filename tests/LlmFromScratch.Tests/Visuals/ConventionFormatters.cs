using System.Collections;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>Finds formatters as a notebook host does: by the attribute's simple name and by member names, without any of our types.</summary>
internal static class ConventionFormatters
{
    /// <summary>The formatters of a value's type.</summary>
    public static IEnumerable<object> Of(object value)
    {
        var source = (Type)Property(Attribute(value), "FormatterSourceType");
        object instance = Activator.CreateInstance(source)!; // never null: only Nullable<T> gives null
        return ((IEnumerable)source.GetMethod("CreateTypeFormatters")!.Invoke(instance, null)!).Cast<object>(); // the convention promises the method
    }

    /// <summary>The preferred MIME types of a value's type.</summary>
    public static string[] Preferred(object value) => (string[])Property(Attribute(value), "PreferredMimeTypes");

    /// <summary>MIME type -> text, for each form that the value has.</summary>
    public static IReadOnlyDictionary<string, string> Render(object value)
    {
        var forms = new Dictionary<string, string>();
        foreach (object formatter in Of(value))
        {
            var writer = new StringWriter();
            Assert.Equal(true, formatter.GetType().GetMethod("Format")!.Invoke(formatter, [value, writer])); // the convention promises the method
            forms.Add((string)Property(formatter, "MimeType"), writer.ToString());
        }
        return forms;
    }

    private static object Attribute(object value) =>
        value.GetType().GetCustomAttributes(inherit: true).Single(attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute");

    private static object Property(object target, string name) => target.GetType().GetProperty(name)!.GetValue(target)!; // promised by the convention
}
