using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Course;

/// <summary>
/// What every head of a model attends to while it reads one text: the numbers that the engine computed, as arrays. Made by
/// <see cref="Lab.ReadAttention"/>; chapter 06 searches it for heads with a habit.
/// </summary>
public sealed class AttentionReading
{
    private readonly AttentionCapture _capture;

    private AttentionReading(string[] tokens, AttentionCapture capture) => (Tokens, _capture) = (tokens, capture);

    /// <summary>[T] the text of each token, as the model read it; "&lt;bos&gt;" for the token that begins a text.</summary>
    public string[] Tokens { get; }

    /// <summary>Layers (L).</summary>
    public int LayerCount => _capture.LayerCount;

    /// <summary>Query heads a layer (H).</summary>
    public int HeadCount => _capture.HeadCount;

    /// <summary><see cref="AttentionCapture.Weights"/>: each row sums to 1 and is 0 behind its own token.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="head">From 0.</param>
    /// <returns>[T, T] row-major, a row for each query.</returns>
    public float[] Weights(int layer, int head) => _capture.Weights(layer, head);

    /// <summary><see cref="AttentionCapture.Scores"/>: <c>q · k / √D</c>, before the mask.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="head">From 0.</param>
    /// <returns>[T, T] row-major, a row for each query.</returns>
    public float[] Scores(int layer, int head) => _capture.Scores(layer, head);

    /// <summary>All heads in a widget: pick layer, head and query, take the mask off and put it on. Rounded to five digits after the point,
    /// to keep the page small.</summary>
    public AttentionWidget Widget() => new(Tokens, AllHeads(Weights), LayerCount, HeadCount, AllHeads(Scores));

    /// <summary>Reads <paramref name="text"/> with <paramref name="model"/> in one forward call.</summary>
    internal static AttentionReading Of(LanguageModel model, string text)
    {
        int[] ids = model.Generator.EncodePrompt(text);
        var capture = new AttentionCapture(model.Transformer.Config.AttentionOptionsOf);
        using var session = new Session(model.Transformer, ids.Length, prefillRows: ids.Length);
        session.Prefill(ids, capture);
        return new AttentionReading([.. ids.Select(id => Lab.TextOf(model, id))], capture);
    }

    // [L, H, T, T]
    private float[] AllHeads(Func<int, int, float[]> head) =>
    [
        .. from layer in Enumerable.Range(0, LayerCount)
           from h in Enumerable.Range(0, HeadCount)
           from value in head(layer, h)
           select MathF.Round(value, 5),
    ];
}
