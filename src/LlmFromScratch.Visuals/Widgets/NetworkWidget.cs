using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// The signals of a perceptron or of a small multilayer network: dials for the inputs, a line for each weight, a disc for each unit, and a choice of
/// activation functions (step, sigmoid, tanh, ReLU, GELU in its tanh form, SiLU). Chapter 02 teaches it. Source: Rosenblatt 1958; Rumelhart et al. 1986.
/// </summary>
public sealed class NetworkWidget : Widget
{
    private static readonly string[] Activations = ["step", "sigmoid", "tanh", "relu", "gelu", "silu"];

    private readonly string[] _inputs, _outputs;
    private readonly NetworkLayer[] _layers;
    private readonly string _activation, _last;
    private readonly float[] _start;
    private readonly float _low, _high;

    /// <summary>Shows a network.</summary>
    /// <param name="inputs">A name for each input.</param>
    /// <param name="outputs">A name for each output.</param>
    /// <param name="layers">The layers from input to output; sizes must fit.</param>
    /// <param name="activation">Of the hidden layers: step, sigmoid, tanh, relu, gelu or silu.</param>
    /// <param name="last">Of the last layer, one of the same.</param>
    /// <param name="start">The inputs at first.</param>
    /// <param name="low">The smallest input.</param>
    /// <param name="high">The largest input.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or a name is not known.</exception>
    public NetworkWidget(string[] inputs, string[] outputs, NetworkLayer[] layers, string activation, string last, float[] start, float low = 0, float high = 1)
    {
        int size = inputs.Length;
        for (int l = 0; l < layers.Length; l++)
        {
            if (layers[l].Weights.Length != layers[l].Biases.Length || layers[l].Weights.Length == 0 || layers[l].Weights.Any(row => row.Length != size)) throw new ArgumentException(
                $"NetworkWidget: layer {l} has {layers[l].Weights.Length} rows of weights and {layers[l].Biases.Length} biases; expected as many rows as biases, each of {size} weights.", nameof(layers));
            size = layers[l].Biases.Length;
        }
        if (layers.Length == 0 || size != outputs.Length || start.Length != inputs.Length || !(low < high)) throw new ArgumentException(
            $"NetworkWidget: expected {size} output names, {inputs.Length} first inputs and low < high; got {outputs.Length}, {start.Length}, {Numbers.Exact(low)} and {Numbers.Exact(high)}.", nameof(outputs));
        if (!Activations.Contains(activation) || !Activations.Contains(last)) throw new ArgumentException(
            $"NetworkWidget: expected activations out of {string.Join(", ", Activations)}; got {activation} and {last}.", nameof(activation));
        (_inputs, _outputs, _layers, _activation, _last, _start, _low, _high) = ([.. inputs], [.. outputs], [.. layers], activation, last, [.. start], low, high);
    }

    private protected override string Name => "network";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "draw.js", "network.js", "network-widget.js"];

    /// <summary>The still picture: all weights as a heat map, a row for each unit.</summary>
    public override string ToSvg()
    {
        int widest = _layers.Max(layer => layer.Weights[0].Length);
        string[] rows = [.. _layers.SelectMany((layer, l) => layer.Biases.Select((_, o) => $"layer {l + 1}, unit {o + 1}"))];
        float[] values = [.. _layers.SelectMany(layer => layer.Weights.SelectMany((row, o) => row.Concat(Enumerable.Repeat(float.NaN, widest - row.Length)).Append(layer.Biases[o])))];
        return Figure.HeatMap(values, rows, [.. Enumerable.Range(1, widest).Select(i => $"from {i}"), "bias"]).WithTitle("Weights").ToSvg();
    }

    /// <inheritdoc/>
    public override string ToString() => $"Network of {_inputs.Length}{string.Concat(_layers.Select(layer => $"-{layer.Biases.Length}"))} units, {_activation}";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        Write(json, "inputs", _inputs);
        Write(json, "outputs", _outputs);
        json.WriteStartArray("layers");
        foreach (NetworkLayer layer in _layers)
        {
            json.WriteStartObject();
            json.WriteStartArray("weights");
            foreach (float[] row in layer.Weights) Write(json, row);
            json.WriteEndArray();
            json.WritePropertyName("biases");
            Write(json, layer.Biases);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("activation", _activation);
        json.WriteString("last", _last);
        json.WritePropertyName("input");
        Write(json, _start);
        json.WriteNumber("low", _low);
        json.WriteNumber("high", _high);
    }

    private static void Write(Utf8JsonWriter json, string name, string[] texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(Markup.Clean(text));
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, float[] values)
    {
        json.WriteStartArray();
        foreach (float value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
