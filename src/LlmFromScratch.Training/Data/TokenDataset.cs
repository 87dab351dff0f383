using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// A tokenized corpus as one long row of ids, documents joined by the end-of-text id. The tail is held out: windows for training never touch it.
/// </summary>
public sealed class TokenDataset
{
    private readonly ReadOnlyMemory<int> _train, _heldOut;

    /// <summary>Splits the ids.</summary>
    /// <param name="ids">The whole corpus.</param>
    /// <param name="heldOutShare">The share at the end that is held out, between 0 and 1.</param>
    public TokenDataset(ReadOnlyMemory<int> ids, double heldOutShare)
    {
        if (!(heldOutShare > 0 && heldOutShare < 1)) throw new ArgumentOutOfRangeException(nameof(heldOutShare), heldOutShare,
            "TokenDataset: expected a share between 0 and 1.");
        int heldOutCount = CountHeldOut(ids.Length, heldOutShare);
        _train = ids[..^heldOutCount];
        _heldOut = ids[^heldOutCount..];
    }

    /// <summary>How many tokens at the end of a corpus of as many are held out.</summary>
    internal static int CountHeldOut(int count, double share) => (int)Math.Ceiling(count * share);

    /// <summary>Tokens to train on.</summary>
    public int TrainCount => _train.Length;

    /// <summary>The ids to train on.</summary>
    public ReadOnlySpan<int> Train => _train.Span;

    /// <summary>Tokens held out.</summary>
    public int HeldOutCount => _heldOut.Length;

    /// <summary>The held-out ids.</summary>
    public ReadOnlySpan<int> HeldOut => _heldOut.Span;

    /// <summary>Fills a batch with windows that start anywhere in the training part, or in its first share, all starts equally likely.</summary>
    /// <exception cref="InvalidDataException">That part is shorter than one window.</exception>
    public void FillRandom(TokenBatch batch, SeededRandom random, double share = 1)
    {
        int count = (int)(_train.Length * share);
        RequireWindow("training", count, batch);
        for (int sequence = 0; sequence < batch.SequenceCount; sequence++)
            batch.Fill(sequence, _train.Span[random.NextInt(count - batch.TokenCount)..]);
    }

    /// <summary>How many whole batches of neighbouring windows the held-out part has; at least 1, where the windows then overlap.</summary>
    public int HeldOutBatchCount(TokenBatch batch) => Math.Max(1, (_heldOut.Length - 1) / (batch.SequenceCount * batch.TokenCount));

    /// <summary>Fills a batch with neighbouring windows of the held-out part; a part that is too short for them begins again.</summary>
    /// <exception cref="InvalidDataException">The held-out part is shorter than one window.</exception>
    public void FillHeldOut(TokenBatch batch, int index)
    {
        RequireWindow("held-out", _heldOut.Length, batch);
        int starts = _heldOut.Length - batch.TokenCount;
        for (int sequence = 0; sequence < batch.SequenceCount; sequence++)
            batch.Fill(sequence, _heldOut.Span[((index * batch.SequenceCount + sequence) * batch.TokenCount % starts)..]);
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of all ids: tells corpora and vocabularies apart.</summary>
    public string Fingerprint
    {
        get
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(MemoryMarshal.AsBytes(_train.Span));
            hash.AppendData(MemoryMarshal.AsBytes(_heldOut.Span));
            return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
        }
    }

    private static void RequireWindow(string part, int count, TokenBatch batch)
    {
        if (count <= batch.TokenCount) throw new InvalidDataException(
            $"The {part} part of the corpus has {count} tokens; expected more than a window of {batch.TokenCount}. Is the corpus too small?");
    }
}
