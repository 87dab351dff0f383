using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Course;

/// <summary>
/// The row of every token of a text on its way through a model: as it leaves the embedding table, and as it leaves each block. Made by
/// <see cref="Lab.ReadStreams"/>; chapter 04 compares the rows of one word in different sentences, and asks them what they know.
/// </summary>
public sealed class StreamReading : IForwardObserver
{
    private readonly float[][] _rows; // [L + 1][T·C]

    private StreamReading(string[] tokens, int layerCount) => (Tokens, _rows) = (tokens, new float[layerCount + 1][]);

    /// <summary>[T] the text of each token; "&lt;bos&gt;" for the token that begins a text.</summary>
    public string[] Tokens { get; }

    /// <summary>L: blocks.</summary>
    public int LayerCount => _rows.Length - 1;

    /// <summary>One token's row [C].</summary>
    /// <param name="layer">0 for the row of the table; n for what leaves block n, of <see cref="LayerCount"/>.</param>
    /// <param name="token">From 0.</param>
    public float[] Row(int layer, int token)
    {
        int size = _rows[layer].Length / Tokens.Length; // C
        return _rows[layer][(token * size)..((token + 1) * size)];
    }

    /// <summary>The place of the last token whose text, without spaces around it, is <paramref name="word"/>.</summary>
    /// <exception cref="ArgumentException">There is none: the word may be of several tokens.</exception>
    public int Last(string word) => Array.FindLastIndex(Tokens, token => token.Trim() == word) is int at and >= 0 ? at
        : throw new ArgumentException($"StreamReading: no token is \"{word}\"; the text was read as {string.Join("|", Tokens)}.", nameof(word));

    /// <inheritdoc/>
    void IForwardObserver.Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
    {
        if (point is not (ForwardPoint.Embedding or ForwardPoint.BlockOutput)) return;
        float[] copy = new float[value.Shape.Count]; // [T, C]
        backend.Download(value, copy.AsSpan());
        _rows[layer + 1] = copy; // the embedding's layer is -1
    }

    /// <summary>Reads <paramref name="text"/> with <paramref name="model"/> in one forward call.</summary>
    internal static StreamReading Of(LanguageModel model, string text)
    {
        int[] ids = model.Generator.EncodePrompt(text);
        StreamReading reading = new([.. ids.Select(id => Lab.TextOf(model, id))], model.Transformer.Config.LayerCount);
        using var session = new Session(model.Transformer, ids.Length, prefillRows: ids.Length);
        session.Prefill(ids, reading);
        return reading;
    }
}
