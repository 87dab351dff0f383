using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// A distribution whose shares the reader moves: entropy <c>H(p) = -Σ p log2 p</c> and perplexity <c>2^H</c>; with a true distribution beside it
/// cross-entropy <c>-Σ t log2 p</c> and <c>KL(t‖p)</c>, in bits. Chapters 01 and 08 teach it. Source: Shannon 1948, section 6; Kullback and Leibler 1951.
/// </summary>
public sealed class DistributionWidget : Widget
{
    private readonly string[] _labels; // [N]
    private readonly double[] _shares; // [N]
    private readonly double[]? _truth; // [N]

    /// <summary>Starts from a distribution.</summary>
    /// <param name="labels">[N] the outcomes, 2 to 30.</param>
    /// <param name="probabilities">[N] shares that sum to 1.</param>
    /// <param name="truth">[N] what the shares are compared with, all above 0 where it counts; or null.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or are no distributions.</exception>
    public DistributionWidget(string[] labels, double[] probabilities, double[]? truth = null)
    {
        if (labels.Length is < 2 or > 30) throw new ArgumentException($"DistributionWidget: expected 2 to 30 outcomes, got {labels.Length}.", nameof(labels));
        Require(probabilities, labels.Length, nameof(probabilities));
        if (truth is not null) Require(truth, labels.Length, nameof(truth));
        (_labels, _shares, _truth) = ([.. labels], [.. probabilities], truth is null ? null : [.. truth]);
    }

    private protected override string Name => "distribution";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "draw.js", "sampling.js", "information.js", "distribution-widget.js"];

    /// <summary>The still picture: the shares as bars.</summary>
    public override string ToSvg()
    {
        Figure bars = Figure.Bar([.. _labels.Select(label => TokenText.Visible(TokenText.Split(label)))], _shares, "prediction");
        return (_truth is null ? bars : bars.AddBars("truth", _truth)).WithTitle("Distribution").WithAxes("", "probability").ToSvg();
    }

    /// <inheritdoc/>
    public override string ToString() => $"Distribution over {_labels.Length} outcomes{(_truth is null ? "" : ", with the true shares beside it")}";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        json.WriteStartArray("labels");
        foreach (string label in _labels) TokenText.Write(json, TokenText.Split(label));
        json.WriteEndArray();
        Write(json, "weights", [.. _shares.Select(share => share / _shares.Max())]); // the largest dial stands at its end
        if (_truth is not null) Write(json, "truth", _truth);
    }

    private static void Write(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        foreach (double value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void Require(double[] shares, int count, string name)
    {
        if (shares.Length != count || shares.Any(share => !(share >= 0)) || Math.Abs(shares.Sum() - 1) > 1e-6) throw new ArgumentException( // 1e-6: shares that were floats once
            $"DistributionWidget: expected {count} shares of at least 0 that sum to 1, got {shares.Length} that sum to {Numbers.Exact(shares.Sum())}.", name);
    }
}
