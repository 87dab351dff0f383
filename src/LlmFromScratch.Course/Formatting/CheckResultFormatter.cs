namespace LlmFromScratch.Course.Formatting;

/// <summary>One form of a <see cref="CheckResult"/>, in the shape that notebook hosts find by reflection.</summary>
internal sealed class CheckResultFormatter(string mimeType, Func<CheckResult, string> render)
{
    /// <summary>The form that <see cref="Format"/> writes.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes <paramref name="value"/> and returns true; returns false and writes nothing when it is no result of a check.</summary>
    public bool Format(object value, TextWriter writer)
    {
        if (value is not CheckResult result) return false;
        writer.Write(render(result));
        return true;
    }
}
