using LlmFromScratch.Models;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Inference;

/// <summary>
/// How well a model predicts a text: every token's cost <c>-ln p(token | what came before)</c>, summed. The text is read in windows, each a beginning-of-sequence
/// token and the tokens after it; a token is scored once, in the first window that holds it. Taught in notebooks/01-probability-and-entropy.ipynb.
/// </summary>
public static class Perplexity
{
    private const int RowsAtOnce = 64;

    /// <summary>Measures a text.</summary>
    /// <param name="model">Its tokenizer splits the text; no special tokens come from it.</param>
    /// <param name="text">UTF-8, at least one byte.</param>
    /// <param name="window">Tokens a window, the beginning included: at least 2, at most the model's context.</param>
    /// <param name="stride">Tokens from one window to the next, 1 to <paramref name="window"/> - 1. The largest gives windows that do not overlap and is
    /// quickest; smaller ones give each token more of what came before it.</param>
    /// <param name="progress">Told the number of tokens scored so far, after each window.</param>
    /// <param name="cancellation">Checked before each window.</param>
    /// <exception cref="NotSupportedException">The vocabulary has neither a beginning nor an end of sequence to start a window with.</exception>
    public static PerplexityResult Measure(LanguageModel model, ReadOnlySpan<byte> text, int window = 128, int stride = 127, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        int beginning = model.Tokenizer.SpecialTokens.BeginOfSequence ?? model.Tokenizer.SpecialTokens.EndOfSequence // what stands between texts
            ?? throw new NotSupportedException(
                "Perplexity: the vocabulary has no beginning-of-sequence and no end-of-sequence token; expected one to start a window.");
        return Measure(model.Transformer, beginning, model.Tokenizer.Encode(text), text.Length, window, stride, progress, cancellation);
    }

    /// <summary>Measures a text that is split already.</summary>
    /// <param name="model">The model.</param>
    /// <param name="beginning">The id that each window starts with.</param>
    /// <param name="ids">At least one id.</param>
    /// <param name="byteCount">Bytes of the text, for bits per byte.</param>
    /// <param name="window">As in the other overload.</param>
    /// <param name="stride">As in the other overload.</param>
    /// <param name="progress">As in the other overload.</param>
    /// <param name="cancellation">As in the other overload.</param>
    public static PerplexityResult Measure(Transformer model, int beginning, ReadOnlySpan<int> ids, long byteCount, int window = 128, int stride = 127,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (ids.IsEmpty) throw new ArgumentException("Perplexity: the text has no tokens; expected at least one.", nameof(ids));
        if (window < 2 || window > model.Config.ContextLength) throw new ArgumentOutOfRangeException(nameof(window), window,
            $"Perplexity: expected a window of 2 to {model.Config.ContextLength} tokens, the model's context.");
        if (stride < 1 || stride >= window) throw new ArgumentOutOfRangeException(nameof(stride), stride, $"Perplexity: expected a stride of 1 to {window - 1}.");
        using Session session = new(model, window);
        int scored = 0;
        double nats = 0;
        for (int start = 0; scored < ids.Length; start += stride)
        {
            cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(start + window - 1, ids.Length);
            session.Truncate(0);
            if (scored > start) session.Prefill([beginning, .. ids[start..(scored - 1)]]); // other windows have scored these
            nats += Cost(session, scored > start ? ids[scored - 1] : beginning, ids[scored..end]);
            scored = end;
            progress?.Report(scored);
        }
        return new PerplexityResult(ids.Length, nats, byteCount);
    }

    // Σ -ln p of ids, of which the first follows `last`, which is still to be read. Some rows at a time: a whole window of a large vocabulary would take gigabytes.
    private static double Cost(Session session, int last, ReadOnlySpan<int> ids)
    {
        int vocab = session.Logits.Length;
        double nats = 0;
        for (int start = 0; start < ids.Length; start += RowsAtOnce)
        {
            ReadOnlySpan<int> part = ids.Slice(start, Math.Min(RowsAtOnce, ids.Length - start));
            float[] rows = session.Score([last, .. part[..^1]]); // [part, V]: row i predicts part[i]
            for (int i = 0; i < part.Length; i++) nats += Probability.CrossEntropy(rows.AsSpan(i * vocab, vocab), part[i]);
            last = part[^1];
        }
        return nats;
    }
}
