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

    /// <summary>Measures. Documents are read one at a time after the token that ends a text; what is longer than the context is cut into pieces.</summary>
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
        double nats = 0, ngramNats = 0;
        long bytes = 0;
        int count = 0, pieceSize = model.ContextLength - 1;
        for (int start = 0; start < heldOut.Length; )
        {
            cancellation.ThrowIfCancellationRequested();
            int end = heldOut[start..].IndexOf(separator);
            int length = Math.Min(end >= 0 ? end + 1 : heldOut.Length - start, pieceSize);
            int[] ids = [start == 0 ? separator : heldOut[start - 1], .. heldOut.Slice(start, length)]; // one token more: the first is only read
            nats -= model.LogProbability(ids);
            for (int i = 1; i < ids.Length; i++)
            {
                ngramNats -= PortableMath.Log(ngram.Probability(heldOut[..(start + i - 1)], ids[i]));
                bytes += model.Tokenizer.GetBytes(ids[i]).Length;
            }
            (count, start) = (count + length, start + length);
            progress((double)start / heldOut.Length);
        }
        double bits = PortableMath.Log(2) * bytes;
        return new HeldOutEvaluation(count, bytes, nats / bits, PortableMath.Exp(nats / count), ngramNats / bits);
    }

    /// <summary>The sum of the log-probabilities of tokens after those before them, in nats.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">At most one more than the context holds.</param>
    /// <param name="from">Tokens before this place are read and do not count.</param>
    internal static double LogProbability(Transformer model, ReadOnlySpan<int> ids, int from = 1)
    {
        double sum = 0;
        foreach (double log in LogProbabilities(model, ids).AsSpan(from)) sum += log;
        return sum;
    }

    /// <summary>The log-probability of each token after those before it, in nats; the first is only read, and its place is 0.</summary>
    internal static double[] LogProbabilities(Transformer model, ReadOnlySpan<int> ids)
    {
        using Session session = new(model, ids.Length);
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
