using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Course;

/// <summary>
/// Every intermediate tensor of a model while it reads one text, as the engine computed it. Made by <see cref="Lab.ReadBlocks"/>; chapters 00 and
/// 07 step through it.
/// </summary>
public sealed class BlockReading : IForwardObserver
{
    private static readonly Dictionary<ForwardPoint, (string Name, string Formula)> Descriptions = new()
    {
        [ForwardPoint.Embedding] = ("embedding", "the row of the table that the token's id names"),
        [ForwardPoint.AttentionNorm] = ("norm before attention", "x / rms(x) · weight"),
        [ForwardPoint.Query] = ("queries, turned", "Wq · norm, each head turned by its position (RoPE)"),
        [ForwardPoint.Key] = ("keys, turned", "Wk · norm, turned as well"),
        [ForwardPoint.Value] = ("values", "Wv · norm"),
        [ForwardPoint.AttentionHeads] = ("what the heads fetched", "softmax(q · k / √D) · v, all heads side by side"),
        [ForwardPoint.AttentionResidual] = ("after attention", "x + Wo · heads"),
        [ForwardPoint.FeedForwardNorm] = ("norm before the network", "x / rms(x) · weight"),
        [ForwardPoint.FeedForwardHidden] = ("gated hidden values", "silu(W_gate · norm) · (W_up · norm)"),
        [ForwardPoint.BlockOutput] = ("after the network", "x + W_down · hidden"),
        [ForwardPoint.FinalNorm] = ("last norm", "x / rms(x) · weight, the last token only"),
    };

    private readonly Dictionary<(ForwardPoint Point, int Layer), (float[] Values, string Shape)> _seen = [];

    private BlockReading()
    {
    }

    /// <summary>[T] the text of each token.</summary>
    public string[] Tokens { get; private init; } = [];

    /// <summary>L: blocks.</summary>
    public int LayerCount { get; private init; }

    /// <summary>The numbers at a point of a block, all tokens one after the other.</summary>
    /// <param name="point">Where.</param>
    /// <param name="layer">The block, from 0; -1 outside of the blocks.</param>
    /// <exception cref="ArgumentException">Nothing was seen there.</exception>
    public float[] Values(ForwardPoint point, int layer) => _seen.TryGetValue((point, layer), out (float[] Values, string Shape) seen)
        ? seen.Values
        : throw new ArgumentException($"BlockReading: nothing was seen at {point} of layer {layer}; layers are 0 to {LayerCount - 1}, and -1 outside of the blocks.");

    /// <summary>The numbers of one token at a point.</summary>
    /// <param name="point">Where.</param>
    /// <param name="layer">The block, from 0; -1 outside of the blocks.</param>
    /// <param name="token">From 0.</param>
    public float[] Row(ForwardPoint point, int layer, int token)
    {
        float[] values = Values(point, layer);
        int size = values.Length / Tokens.Length;
        return values[(token * size)..((token + 1) * size)];
    }

    /// <summary>The steps of one block in a widget, from the embedding or the block before to its output.</summary>
    /// <param name="layer">The block, from 0.</param>
    public BlockWidget Widget(int layer) => new(Tokens,
    [
        .. Enum.GetValues<ForwardPoint>()
            .Select(point => (Point: point, Layer: point is ForwardPoint.Embedding or ForwardPoint.FinalNorm ? -1 : layer))
            .Where(place => Descriptions.ContainsKey(place.Point) && _seen.ContainsKey(place))
            .Where(place => place.Point != ForwardPoint.Embedding || layer == 0)
            .Where(place => place.Point != ForwardPoint.FinalNorm || layer == LayerCount - 1)
            .Select(place => Step(place)),
    ]);

    /// <inheritdoc/>
    void IForwardObserver.Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
    {
        float[] copy = new float[value.Shape.Count];
        backend.Download(value, copy.AsSpan());
        _seen[(point, layer)] = (copy, value.Shape.ToString());
    }

    /// <summary>Reads <paramref name="text"/> with <paramref name="model"/> in one forward call.</summary>
    internal static BlockReading Of(LanguageModel model, string text)
    {
        int[] ids = model.Generator.EncodePrompt(text);
        BlockReading reading = new()
        {
            Tokens = [.. ids.Select(id => Lab.TextOf(model, id))],
            LayerCount = model.Transformer.Config.LayerCount,
        };
        using var session = new Session(model.Transformer, ids.Length, prefillRows: ids.Length);
        session.Prefill(ids, reading);
        return reading;
    }

    private BlockStep Step((ForwardPoint Point, int Layer) place)
    {
        ((string name, string formula), (float[] values, string shape)) = (Descriptions[place.Point], _seen[place]);
        int rows = place.Point == ForwardPoint.FinalNorm ? 1 : Tokens.Length;
        return new BlockStep(name, formula, shape, [.. values.Chunk(values.Length / rows)]);
    }
}
