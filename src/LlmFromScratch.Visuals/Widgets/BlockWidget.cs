using System.Globalization;
using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// A forward pass to step through: every intermediate tensor of a block as a strip of colours, for the token that the reader picks, with its mean,
/// root mean square and range. Numbers are rounded to four digits to keep the fragment small. Chapters 00 and 07 teach it.
/// </summary>
public sealed class BlockWidget : Widget
{
    private readonly string[] _tokens; // [T]
    private readonly BlockStep[] _steps;

    /// <summary>Shows the tensors that an engine computed while it read a text.</summary>
    /// <param name="tokens">[T] the text, at least one token.</param>
    /// <param name="steps">The tensors in order, at least one; each has a row for every token, or one row.</param>
    /// <exception cref="ArgumentException">A step has another number of rows, or a number is not finite.</exception>
    public BlockWidget(string[] tokens, params BlockStep[] steps)
    {
        if (tokens.Length == 0 || steps.Length == 0) throw new ArgumentException($"BlockWidget: expected at least one token and one step, got {tokens.Length} and {steps.Length}.", nameof(steps));
        foreach (BlockStep step in steps)
        {
            if ((step.Values.Length != tokens.Length && step.Values.Length != 1) || step.Values.Any(row => row.Length == 0)) throw new ArgumentException(
                $"BlockWidget: step \"{step.Name}\" has {step.Values.Length} rows; expected one for each of {tokens.Length} tokens or one in all, none of them empty.", nameof(steps));
            if (step.Values.Any(row => row.Any(value => !float.IsFinite(value)))) throw new ArgumentException(
                $"BlockWidget: step \"{step.Name}\" holds a number that is not finite.", nameof(steps));
        }
        (_tokens, _steps) = ([.. tokens], [.. steps]);
    }

    private protected override string Name => "block";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "draw.js", "strip.js", "block-widget.js"];

    /// <summary>The still picture: the root mean square of the last token's row at every step.</summary>
    public override string ToSvg() => Figure.Bar([.. _steps.Select(step => step.Name)], Array.ConvertAll(_steps, step => Rms(step.Values[^1])))
        .WithTitle("Size of the last token's values, step by step").WithAxes("", "root mean square").WithSize(720, 420).ToSvg();

    /// <inheritdoc/>
    public override string ToString() => $"Block stepper: {_steps.Length} tensors of {_tokens.Length} tokens";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        json.WriteStartArray("tokens");
        foreach (string token in _tokens) TokenText.Write(json, TokenText.Split(token));
        json.WriteEndArray();
        json.WriteStartArray("steps");
        foreach (BlockStep step in _steps)
        {
            json.WriteStartObject();
            json.WriteString("name", Markup.Clean(step.Name));
            json.WriteString("formula", Markup.Clean(step.Formula));
            json.WriteString("shape", Markup.Clean(step.Shape));
            json.WriteStartArray("values");
            foreach (float[] row in step.Values)
            {
                json.WriteStartArray();
                foreach (float value in row) json.WriteRawValue(Rounded(value));
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Rounded(float value) => double.Parse(value.ToString("g4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    private static double Rms(float[] row) => Math.Sqrt(row.Sum(value => (double)value * value) / row.Length);
}
