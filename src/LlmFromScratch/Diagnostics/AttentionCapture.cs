using LlmFromScratch.Kernels;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Diagnostics;

/// <summary>
/// Records what every head attends to while a text is read in one forward call from its beginning. Kernels never store attention weights, so they are
/// computed again from the observed queries and keys: <c>scores[h, t, s] = q[t, h] · k[s, h / (H / K)] / √D</c> and their softmax over s ≤ t.
/// </summary>
/// <param name="options">
/// The scale, cap and window of each layer, for a model whose attention has them: <c>new AttentionCapture(model.Config.AttentionOptionsOf)</c>. Null for llama's.
/// </param>
public sealed class AttentionCapture(Func<int, AttentionOptions>? options = null) : IForwardObserver
{
    private readonly List<float[]> _queries = [], _keys = []; // a layer each: [T, H, D] and [T, K, D]
    private int _headCount, _kvHeadCount, _headSize;

    /// <summary>Layers seen (L).</summary>
    public int LayerCount => _keys.Count;

    /// <summary>Query heads (H).</summary>
    public int HeadCount => _headCount;

    /// <summary>Tokens read (T).</summary>
    public int TokenCount { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A second forward call: read the text in one prefill.</exception>
    public void Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(backend);
        if (point is not (ForwardPoint.Query or ForwardPoint.Key)) return;
        List<float[]> rows = point == ForwardPoint.Query ? _queries : _keys;
        if (rows.Count != layer) throw new InvalidOperationException(
            $"AttentionCapture: layer {layer} came a second time; expected one forward call. Give the session more prefill rows than the text has tokens.");
        float[] copy = new float[value.Shape.Count];
        backend.Download(value, copy.AsSpan());
        rows.Add(copy);
        if (point == ForwardPoint.Query) (TokenCount, _headCount, _headSize) = (value.Shape[0], value.Shape[1], value.Shape[2]);
        else _kvHeadCount = value.Shape[1];
    }

    /// <summary>The scaled, and where the model does so capped, scores of one head before the mask.</summary>
    /// <returns>[T, T] row-major: row t holds the scores of query t against every key.</returns>
    public float[] Scores(int layer, int head)
    {
        (float[] queries, float[] keys) = (_queries[layer], _keys[layer]);
        int kvHead = head / (_headCount / _kvHeadCount);
        AttentionOptions attention = OptionsOf(layer);
        float[] scores = new float[TokenCount * TokenCount];
        for (int t = 0; t < TokenCount; t++)
        for (int s = 0; s < TokenCount; s++)
        {
            double sum = 0;
            for (int i = 0; i < _headSize; i++)
                sum += (double)queries[(t * _headCount + head) * _headSize + i] * keys[(s * _kvHeadCount + kvHead) * _headSize + i];
            sum *= attention.Scale;
            scores[t * TokenCount + s] = (float)(attention.SoftCap > 0 ? attention.SoftCap * PortableMath.Tanh(sum / attention.SoftCap) : sum);
        }
        return scores;
    }

    /// <summary>The causal attention weights of one head: each row sums to 1, and is 0 behind its own token and before its window.</summary>
    /// <returns>[T, T] row-major.</returns>
    public float[] Weights(int layer, int head)
    {
        float[] weights = Scores(layer, head);
        AttentionOptions attention = OptionsOf(layer);
        for (int t = 0; t < TokenCount; t++)
        {
            Span<float> row = weights.AsSpan(t * TokenCount, TokenCount);
            double max = double.NegativeInfinity, sum = 0;
            int first = attention.FirstSeen(t);
            for (int s = first; s <= t; s++) max = Math.Max(max, row[s]);
            for (int s = first; s <= t; s++) sum += PortableMath.Exp(row[s] - max);
            for (int s = 0; s < TokenCount; s++) row[s] = s >= first && s <= t ? (float)(PortableMath.Exp(row[s] - max) / sum) : 0;
        }
        return weights;
    }

    private AttentionOptions OptionsOf(int layer) => options?.Invoke(layer) ?? new AttentionOptions(1 / MathF.Sqrt(_headSize));
}
