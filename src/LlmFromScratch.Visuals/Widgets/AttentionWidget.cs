using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// What each token reads from which other: pick a layer, a head and a query token, and see its weights as bars and in the heat map of the
/// whole head. With the raw scores, a switch puts the causal mask on or takes it off and computes the row anew:
/// <c>weight[t, s] = softmax over visible s of score[t, s]</c>. Chapter 06 teaches it.
/// Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.
/// </summary>
public sealed class AttentionWidget : Widget
{
    private readonly string[] _tokens;    // [S]
    private readonly float[] _weights;    // [L, H, T, S]
    private readonly float[]? _scores;    // [L, H, T, S]
    private readonly int _layerCount, _headCount, _queryCount;

    /// <summary>Shows attention weights that a model computed.</summary>
    /// <param name="tokens">[S] the texts of all positions that can be read.</param>
    /// <param name="weights">[L, H, T, S] row-major, finite: how much query t reads from position s. The T queries are the last T tokens.</param>
    /// <param name="layerCount">L, at least 1.</param>
    /// <param name="headCount">H, at least 1.</param>
    /// <param name="scores">[L, H, T, S] scaled scores <c>q · k / √D</c> before mask and softmax, all finite; without them there is no mask switch.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together, or a number is not finite.</exception>
    public AttentionWidget(string[] tokens, float[] weights, int layerCount, int headCount, float[]? scores = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layerCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(headCount, 1);
        int rowSize = layerCount * headCount * tokens.Length; // numbers for each query
        if (rowSize == 0 || weights.Length == 0 || weights.Length % rowSize != 0 || weights.Length / rowSize > tokens.Length)
        {
            throw new ArgumentException(
                $"AttentionWidget: weights are [L, H, T, S] with L = {layerCount}, H = {headCount}, S = {tokens.Length} tokens and 1 <= T <= S; "
                + $"expected a multiple of {rowSize} up to {rowSize * tokens.Length} numbers, got {weights.Length}.", nameof(weights));
        }
        if (scores is not null && scores.Length != weights.Length)
        {
            throw new ArgumentException(
                $"AttentionWidget: expected as many scores as weights, {weights.Length}; got {scores.Length}.", nameof(scores));
        }
        RequireFinite(weights, nameof(weights));
        if (scores is not null) RequireFinite(scores, nameof(scores));
        (_tokens, _weights, _scores) = ([.. tokens], [.. weights], scores is null ? null : [.. scores]);
        (_layerCount, _headCount, _queryCount) = (layerCount, headCount, weights.Length / rowSize);
    }

    private protected override string Name => "attention";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "sampling.js", "attention.js", "attention-widget.js"];

    /// <summary>The still picture: the heat map of layer 0, head 0.</summary>
    public override string ToSvg()
    {
        string[] labels = [.. _tokens.Select(token => TokenText.Visible(TokenText.Split(token)))];
        return Figure.HeatMap(_weights[..(_queryCount * _tokens.Length)], labels[^_queryCount..], labels)
            .WithTitle("Attention weights, layer 0, head 0").WithAxes("key", "query").ToSvg();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Attention: {_layerCount} layers, {_headCount} heads, {_queryCount} queries over {_tokens.Length} tokens";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        json.WriteNumber("layers", _layerCount);
        json.WriteNumber("heads", _headCount);
        json.WriteNumber("queries", _queryCount);
        json.WriteBoolean("causal", IsCausal());
        json.WriteStartArray("tokens");
        foreach (string token in _tokens) TokenText.Write(json, TokenText.Split(token));
        json.WriteEndArray();
        WriteNumbers(json, "weights", _weights);
        if (_scores is not null) WriteNumbers(json, "scores", _scores);
    }

    /// <summary>True when no query reads from a position after its own.</summary>
    private bool IsCausal()
    {
        for (int i = 0; i < _weights.Length; i++)
        {
            int key = i % _tokens.Length, query = i / _tokens.Length % _queryCount;
            if (key > _tokens.Length - _queryCount + query && _weights[i] != 0) return false;
        }
        return true;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, float[] values)
    {
        json.WriteStartArray(name);
        foreach (float value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void RequireFinite(float[] values, string name)
    {
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        if (bad < 0) return;
        throw new ArgumentException(
            $"AttentionWidget: expected finite {name}, got {Numbers.Exact(values[bad])} at index {bad}. Give scores from before the mask.", name);
    }
}
