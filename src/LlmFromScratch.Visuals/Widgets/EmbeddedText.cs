using System.Reflection;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>Reads the scripts and the style sheet that are embedded in this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The text of one file of Scripts/ or Styles/.</summary>
    public static string Read(string fileName)
    {
        Assembly assembly = typeof(EmbeddedText).Assembly;
        using Stream stream = assembly.GetManifestResourceStream(fileName)
            ?? throw new ArgumentException(
                $"EmbeddedText: expected one of {string.Join(", ", assembly.GetManifestResourceNames())}; got {fileName}.", nameof(fileName));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The same without indentation, empty lines and lines that are only a comment: what a page needs to run.</summary>
    public static string ReadCompact(string fileName) => string.Concat(Read(fileName).Split('\n').Select(line => line.Trim())
        .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)).Select(line => line + "\n"));
}
