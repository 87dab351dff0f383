using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Models.NGrams;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>How well a model foretells text that it was not trained on, beside a 5-gram on the same tokens.</summary>
/// <param name="TokenCount">Tokens foretold.</param>
/// <param name="ByteCount">Bytes of text that they stand for.</param>
/// <param name="BitsPerByte">Of the model: all nats over ln 2 over bytes, whatever the vocabulary.</param>
/// <param name="Perplexity">Of the model, a token.</param>
/// <param name="NGramBitsPerByte">Of the 5-gram with modified Kneser-Ney smoothing, trained on the same tokens as the model.</param>
public sealed record HeldOutEvaluation(int TokenCount, long ByteCount, double BitsPerByte, double Perplexity, double NGramBitsPerByte)
{
    /// <summary>Whether these are the answers of talks, and not texts.</summary>
    public bool IsOfAnswers { get; init; }

    /// <summary>How far the model is below the 5-gram: <c>1 - BitsPerByte / NGramBitsPerByte</c>.</summary>
    public double BelowNGram => 1 - BitsPerByte / NGramBitsPerByte;

    /// <summary>
    /// Measures. Documents are read one at a time after the token that ends a text. What is longer than the context is read in windows that overlap by half, so that
    /// but for its first window no token is foretold from less than half a context; the 5-gram has its four tokens everywhere too.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The tokens that the model learnt.</param>
    /// <param name="heldOut">Tokens that it did not.</param>
    /// <param name="separator">The token between documents.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    internal static HeldOutEvaluation Measure(IEvaluatedModel model, ReadOnlySpan<int> training, ReadOnlySpan<int> heldOut, int separator,
        Action<double> progress, CancellationToken cancellation)
    {
        KneserNeyModel ngram = KneserNeyModel.Train(training, order: 5, model.Tokenizer.VocabSize);
        ReadOnlySpan<int> text = [separator, .. heldOut]; // what is foretold begins at 1
        double nats = 0, ngramNats = 0;
        long bytes = 0;
        for (int document = 1, start = 1; start < text.Length; )
        {
            cancellation.ThrowIfCancellationRequested();
            int end = text[start..].IndexOf(separator), rest = end >= 0 ? end + 1 : text.Length - start;
            int count = Math.Min(rest, start == document ? model.ContextLength : Math.Max(1, model.ContextLength / 2));
            int first = Math.Max(document - 1, start + count - model.ContextLength - 1); // read from here on; the last one is only foretold
            nats -= model.LogProbability(text[first..(start + count)].ToArray(), from: start - first);
            foreach (int foretold in text.Slice(start, count)) bytes += model.Tokenizer.GetBytes(foretold).Length;
            for (int i = start; i < start + count; i++) ngramNats -= PortableMath.Log(ngram.Probability(text[1..i], text[i]));
            start += count;
            if (count == rest) document = start;
            progress((start - 1.0) / heldOut.Length);
        }
        double bits = PortableMath.Log(2) * bytes;
        return new HeldOutEvaluation(heldOut.Length, bytes, nats / bits, PortableMath.Exp(nats / heldOut.Length), ngramNats / bits);
    }

    /// <summary>The sum of the log-probabilities of tokens after those before them, in nats.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">At most one more than the context holds.</param>
    /// <param name="from">Tokens before this place are read and do not count.</param>
    internal static double LogProbability(Transformer model, ReadOnlySpan<int> ids, int from)
    {
        double sum = 0;
        foreach (double log in LogProbabilities(model, ids).AsSpan(from)) sum += log;
        return sum;
    }

    /// <summary>The log-probability of each token after those before it, in nats; the first is only read, and its place is 0.</summary>
    internal static double[] LogProbabilities(Transformer model, ReadOnlySpan<int> ids)
    {
        using Session session = new(model, ids.Length - 1);
        int vocab = model.Config.VocabSize;
        float[] logits = session.Score(ids[..^1]); // [T, V]
        double[] logs = new double[ids.Length];
        for (int i = 1; i < ids.Length; i++)
        {
            ReadOnlySpan<float> row = logits.AsSpan((i - 1) * vocab, vocab);
            double max = double.NegativeInfinity, total = 0;
            foreach (float logit in row) max = Math.Max(max, logit);
            foreach (float logit in row) total += PortableMath.Exp(logit - max);
            logs[i] = row[ids[i]] - max - PortableMath.Log(total);
        }
        return logs;
    }
}
