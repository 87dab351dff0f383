namespace LlmFromScratch.Course.Formatting;

/// <summary>One form of a value, in the shape that notebook hosts find by reflection.</summary>
internal sealed class ValueFormatter<T>(string mimeType, Func<T, string> render) where T : class
{
    /// <summary>The form that <see cref="Format"/> writes.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes <paramref name="value"/> and returns true; returns false and writes nothing when it is something else.</summary>
    public bool Format(object value, TextWriter writer)
    {
        if (value is not T typed) return false;
        writer.Write(render(typed));
        return true;
    }
}
