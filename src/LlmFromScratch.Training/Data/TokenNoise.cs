using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// Text in which some tokens gave way to others: to a language model what smoothing is to an n-gram model (Xie et al. 2017, "Data noising as smoothing in neural network
/// language models"). Who reads only the sentences of a small grammar is sure of the next word, and sure of a wrong one where a sentence is new. Here he meets words that
/// he could not expect and goes on from them, and learns to be less sure in a text that has surprised him. How many words give way is another share for each window, 1 to
/// 30 in 100, their logarithm uniform; a token is put in as often as it follows different tokens in the text, q(x) ∝ |{w : wx in the text}|, Kneser and Ney's (1995) measure of how readily it stands anywhere.
/// </summary>
public sealed class TokenNoise
{
    private const double LeastRate = 0.01, MostRate = 0.3;

    private readonly int _separator;
    private readonly int[] _sums; // of the counts up to a token

    /// <summary>Counts what each token follows.</summary>
    /// <param name="ids">The text to learn.</param>
    /// <param name="vocabSize">V: every id is below it.</param>
    /// <param name="separator">Stands between documents; stays where it is and is put nowhere.</param>
    /// <exception cref="ArgumentException">The text is a run of one and the same token, or of separators.</exception>
    public TokenNoise(ReadOnlySpan<int> ids, int vocabSize, int separator)
    {
        _separator = separator;
        _sums = new int[vocabSize];
        HashSet<(int, int)> pairs = [];
        for (int i = 1; i < ids.Length; i++)
            if (ids[i] != separator && pairs.Add((ids[i - 1], ids[i]))) _sums[ids[i]]++;
        for (int token = 1; token < vocabSize; token++) _sums[token] += _sums[token - 1];
        if (_sums[^1] == 0) throw new ArgumentException($"TokenNoise: the text of {ids.Length} tokens has no token after another; expected words to put in.", nameof(ids));
    }

    /// <summary>Changes tokens in some of a batch's windows, as what is read and as what is to be foretold.</summary>
    /// <param name="batch">Filled.</param>
    /// <param name="share">The probability with which a window is changed; with 0 nothing is drawn.</param>
    /// <param name="random">Draws.</param>
    public void Replace(TokenBatch batch, double share, SeededRandom random)
    {
        if (share == 0) return;
        int length = batch.TokenCount;
        int[] window = batch.Window;
        for (int sequence = 0; sequence < batch.SequenceCount; sequence++)
        {
            if (random.NextDouble() >= share) continue;
            double rate = LeastRate * PortableMath.Pow(MostRate / LeastRate, random.NextDouble());
            batch.Inputs.AsSpan(sequence * length, length).CopyTo(window);
            window[length] = batch.Targets[(sequence + 1) * length - 1];
            foreach (ref int token in window.AsSpan())
                if (token != _separator && random.NextDouble() < rate) token = Draw(random);
            batch.Fill(sequence, window);
        }
    }

    /// <summary>
    /// Changes tokens that are to be foretold and not what is read: label smoothing (Szegedy et al. 2016, section 7) by draws. On average the loss is
    /// <c>(1 - share) · -ln p(token) + share · Σ q(x) · -ln p(x)</c>.
    /// </summary>
    /// <param name="batch">Filled.</param>
    /// <param name="share">The probability with which a token is changed; with 0 nothing is drawn.</param>
    /// <param name="random">Draws.</param>
    public void Smooth(TokenBatch batch, double share, SeededRandom random)
    {
        if (share == 0) return;
        foreach (ref int token in batch.Targets.AsSpan())
            if (token != _separator && random.NextDouble() < share) token = Draw(random);
    }

    private int Draw(SeededRandom random)
    {
        int at = random.NextInt(_sums[^1]), place = Array.BinarySearch(_sums, at + 1); // the first token whose sum is above
        return place < 0 ? ~place : FirstOf(place);
    }

    // Tokens that follow nothing have the sum of the one before.
    private int FirstOf(int place)
    {
        while (place > 0 && _sums[place - 1] == _sums[place]) place--;
        return place;
    }
}
