using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Interpretability;

/// <summary>
/// What the model would say if it stopped after each block: the residual stream goes through the last norm and the head at once (nostalgebraist 2020,
/// "Interpreting GPT: the logit lens"). Give it to a session's prefill as observer; the text must fit into one forward call.
/// </summary>
/// <param name="model">The model that is observed: its norm and head are used.</param>
public sealed class LogitLens(Transformer model) : IForwardObserver
{
    private readonly List<float[]> _logits = []; // [L + 1] of [T, V]: the embedding first

    /// <summary>Places looked at: the embedding, then each block's output.</summary>
    public int DepthCount => _logits.Count;

    /// <inheritdoc/>
    public void Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(backend);
        if (point is not (ForwardPoint.Embedding or ForwardPoint.BlockOutput)) return;
        if (_logits.Count != layer + 1) throw new InvalidOperationException(
            $"LogitLens: layer {layer} came a second time; expected one forward call. Give the session more prefill rows than the text has tokens.");
        int rows = value.Shape[0];
        using Tensor normed = backend.Allocate(value.Shape), logits = backend.Allocate(new Shape(rows, model.Config.VocabSize));
        model.Weights.FinalNorm.Apply(backend, value, normed);
        model.Weights.Head.Apply(backend, normed, logits);
        if (model.Config.LogitSoftCap is { } cap) backend.SoftCap(logits, cap, logits);
        float[] copy = new float[logits.Shape.Count];
        backend.Download(logits, copy.AsSpan());
        _logits.Add(copy);
    }

    /// <summary>The logits after so many blocks for what follows a token.</summary>
    /// <param name="depth">0 for the embedding, l for the output of the l-th block.</param>
    /// <param name="position">Of the token in the text.</param>
    /// <returns>[V].</returns>
    public ReadOnlySpan<float> Logits(int depth, int position) => _logits[depth].AsSpan(position * model.Config.VocabSize, model.Config.VocabSize);

    /// <summary>The most likely next tokens after so many blocks, with their probabilities, the likeliest first.</summary>
    /// <param name="depth">As in <see cref="Logits"/>.</param>
    /// <param name="position">As in <see cref="Logits"/>.</param>
    /// <param name="count">How many.</param>
    public IReadOnlyList<(int Id, double Probability)> Top(int depth, int position, int count)
    {
        float[] logits = Logits(depth, position).ToArray();
        double max = logits.Max(), sum = logits.Sum(logit => PortableMath.Exp(logit - max));
        return [.. Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).Take(count).Select(id => (id, PortableMath.Exp(logits[id] - max) / sum))];
    }
}
