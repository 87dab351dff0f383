using System.Globalization;
using System.Text;

namespace LlmFromScratch.Training;

/// <summary>Where a run's progress goes: plain lines, and on a terminal one more line that is written over again and again.</summary>
/// <param name="writer">Gets the text.</param>
/// <param name="isTerminal">Whether the writer understands the control codes by which a line is cleared.</param>
public sealed class TrainingLog(TextWriter writer, bool isTerminal = false)
{
    private const string ClearLine = "\r\u001b[K";

    private bool _statusShown;

    /// <summary>Whether <see cref="Status"/> shows anything.</summary>
    public bool IsTerminal { get; } = isTerminal;

    /// <summary>Writes a line that stays.</summary>
    public void Line(FormattableString line) => Line(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a line that stays.</summary>
    public void Line(string line)
    {
        if (_statusShown) writer.Write(ClearLine);
        _statusShown = false;
        writer.WriteLine(line);
    }

    /// <summary>On a terminal, writes over the last status; elsewhere nothing.</summary>
    public void Status(FormattableString line)
    {
        if (!IsTerminal) return;
        writer.Write(ClearLine + line.ToString(CultureInfo.InvariantCulture));
        writer.Flush();
        _statusShown = true;
    }

    /// <summary>The words of a name in camel case: "heldOutLoss" becomes "held out loss".</summary>
    public static string Words(string name)
    {
        StringBuilder words = new();
        foreach (char letter in name) words.Append(char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter);
        return words.ToString();
    }
}
