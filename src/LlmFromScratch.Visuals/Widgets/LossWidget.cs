using System.Text.Json;
using LlmFromScratch.Numerics;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// The loss of a single guess, <c>-ln p</c> in nats of the probability that was given to the token that came, and the gradient at its logit, <c>p - 1</c>;
/// with the probabilities that a model gave to the tokens of a text. Chapters 01 and 08 teach it.
/// </summary>
public sealed class LossWidget : Widget
{
    private readonly string[] _tokens; // [N]
    private readonly double[] _probabilities; // [N]

    /// <summary>Shows a text and what a model thought of it.</summary>
    /// <param name="tokens">[N] the tokens that came, at least one.</param>
    /// <param name="probabilities">[N] what the model had given to each, above 0 and at most 1.</param>
    /// <exception cref="ArgumentException">The arrays differ in length or are empty, or a number is no probability.</exception>
    public LossWidget(string[] tokens, double[] probabilities)
    {
        if (tokens.Length == 0 || tokens.Length != probabilities.Length) throw new ArgumentException(
            $"LossWidget: expected as many probabilities as tokens, at least 1; got {tokens.Length} tokens and {probabilities.Length} probabilities.", nameof(probabilities));
        int bad = Array.FindIndex(probabilities, p => !(p > 0 && p <= 1));
        if (bad >= 0) throw new ArgumentException($"LossWidget: probability {bad} is {Numbers.Exact(probabilities[bad])}; expected above 0 and at most 1.", nameof(probabilities));
        (_tokens, _probabilities) = ([.. tokens], [.. probabilities]);
    }

    private protected override string Name => "loss";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "draw.js", "loss-widget.js"];

    /// <summary>The still picture: the loss of each token as bars.</summary>
    public override string ToSvg() => Figure.Bar([.. _tokens.Select(token => TokenText.Visible(TokenText.Split(token)))], Array.ConvertAll(_probabilities, p => -PortableMath.Log(p)))
        .WithTitle("Loss of each token").WithAxes("", "nats").ToSvg();

    /// <inheritdoc/>
    public override string ToString() => $"Loss of {_tokens.Length} tokens, mean {Numbers.Short(_probabilities.Average(p => -PortableMath.Log(p)))} nats";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        json.WriteStartArray("tokens");
        foreach (string token in _tokens) TokenText.Write(json, TokenText.Split(token));
        json.WriteEndArray();
        json.WriteStartArray("probabilities");
        foreach (double p in _probabilities) json.WriteNumberValue(p);
        json.WriteEndArray();
        json.WriteNumber("probability", 0.5);
    }
}
