using System.Text;
using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// How the next token is drawn: sliders for temperature, top-k and top-p (applied in this order), a bar for each candidate, a button that
/// draws. Top-k keeps the k most probable tokens; top-p keeps the smallest set, from the most probable down, whose sum is at least p;
/// of equals the lower id comes first. The draws use the sequence of <see cref="LlmFromScratch.Numerics.SeededRandom"/>.
/// Chapters 01 and 11 teach it. Source of top-p: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1.
/// </summary>
public sealed class SamplerWidget : Widget
{
    private readonly string _prompt;
    private readonly uint _seed;
    private readonly (string Token, float Logit)[] _candidates; // [N], the largest logit first

    /// <summary>Shows the candidates that may follow a prompt. Probabilities are among these candidates: give the whole vocabulary, or its top.</summary>
    /// <param name="prompt">The text before the token.</param>
    /// <param name="tokens">[N] the candidates' texts, at least one.</param>
    /// <param name="logits">[N] finite scores before softmax.</param>
    /// <param name="ids">[N] token ids, which decide between equal scores; without them the position counts.</param>
    /// <param name="seed">Where the random sequence starts.</param>
    /// <exception cref="ArgumentException">The arrays differ in length or are empty, or a logit is not finite.</exception>
    public SamplerWidget(string prompt, string[] tokens, float[] logits, int[]? ids = null, uint seed = 1)
    {
        if (tokens.Length == 0 || tokens.Length != logits.Length || (ids is not null && ids.Length != tokens.Length))
        {
            throw new ArgumentException(
                $"SamplerWidget: expected as many logits and ids as tokens, at least 1; got {tokens.Length} tokens, {logits.Length} logits"
                + (ids is null ? "." : $", {ids.Length} ids."), nameof(logits));
        }
        int bad = Array.FindIndex(logits, logit => !float.IsFinite(logit));
        if (bad >= 0)
        {
            throw new ArgumentException(
                $"SamplerWidget: expected finite logits, got {Numbers.Exact(logits[bad])} for candidate {bad}. Leave masked tokens out.", nameof(logits));
        }
        (_prompt, _seed) = (prompt, seed);
        _candidates = [.. Enumerable.Range(0, tokens.Length).OrderByDescending(i => logits[i]).ThenBy(i => ids is null ? i : ids[i])
            .Select(i => (tokens[i], logits[i]))];
    }

    private protected override string Name => "sampler";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "sampling.js", "sampler-widget.js"];

    /// <summary>The still picture: the logits as bars.</summary>
    public override string ToSvg()
    {
        string[] labels = [.. _candidates.Select(candidate => TokenText.Visible(TokenText.Split(candidate.Token)))];
        return Figure.Bar(labels, Array.ConvertAll(_candidates, candidate => candidate.Logit))
            .WithTitle($"Next token after “{_prompt}”").WithAxes("", "logit").WithSize(720, 320).ToSvg();
    }

    /// <inheritdoc/>
    public override string ToString() => $"Sampler: {_candidates.Length} candidates after “{Markup.Clean(_prompt)}”";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        json.WriteString("prompt", Encoding.UTF8.GetBytes(_prompt)); // through bytes: half a surrogate pair becomes U+FFFD
        json.WriteNumber("seed", _seed);
        json.WriteStartArray("tokens");
        foreach ((string token, _) in _candidates) TokenText.Write(json, TokenText.Split(token));
        json.WriteEndArray();
        json.WriteStartArray("logits");
        foreach ((_, float logit) in _candidates) json.WriteNumberValue(logit);
        json.WriteEndArray();
    }
}
