namespace LlmFromScratch.Visuals.Formatting;

/// <summary>
/// One form of one type, in the shape that notebook hosts find by reflection (see <see cref="TypeFormatterSourceAttribute"/>): members
/// are public, and there is exactly one method called Format.
/// </summary>
internal sealed class TypeFormatter<T>(string mimeType, Func<T, string> render)
{
    /// <summary>The form that <see cref="Format"/> writes.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes <paramref name="value"/> and returns true; returns false and writes nothing when it is not a <typeparamref name="T"/>.</summary>
    public bool Format(object value, TextWriter writer)
    {
        if (value is not T typed) return false;
        writer.Write(render(typed));
        return true;
    }
}
