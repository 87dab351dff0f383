using System.Reflection;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>A text and the class that it belongs to: what a classifier learns from.</summary>
/// <param name="Label">The class.</param>
/// <param name="Text">The text.</param>
public readonly record struct LabelledText(string Label, string Text)
{
    /// <summary>Reads the lines <c>label TAB text</c>; blank lines and lines that begin with # are skipped.</summary>
    /// <param name="reader">The lines.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="InvalidDataException">A line is no such pair.</exception>
    public static IReadOnlyList<LabelledText> Read(TextReader reader, string name)
    {
        List<LabelledText> texts = [];
        for (int number = 1; reader.ReadLine() is string line; number++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            int tab = line.IndexOf('\t');
            texts.Add(tab > 0 && tab < line.Length - 1
                ? new(line[..tab], line[(tab + 1)..])
                : throw new InvalidDataException($"{name}: line {number}: expected a label, a tab and a text, got \"{line}\"."));
        }
        return texts;
    }

    /// <summary>The examples of data/filters that this assembly carries.</summary>
    internal static IReadOnlyList<LabelledText> ReadOwn(string file)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!; // not null: the project file embeds it
        using StreamReader reader = new(stream);
        return Read(reader, file);
    }
}
