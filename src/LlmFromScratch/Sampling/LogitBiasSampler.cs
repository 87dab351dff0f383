namespace LlmFromScratch.Sampling;

/// <summary>Adds a number to the logits of some tokens: <c>z_i ← z_i + b_i</c>, which multiplies their odds by <c>e^(b_i)</c>; -∞ forbids a token.</summary>
public sealed class LogitBiasSampler : ISampler
{
    private readonly KeyValuePair<int, float>[] _bias;

    /// <summary>Sets the numbers.</summary>
    /// <param name="vocabSize">V.</param>
    /// <param name="bias">Token id, 0 to V - 1, to what is added: finite or -∞.</param>
    public LogitBiasSampler(int vocabSize, IReadOnlyDictionary<int, float> bias)
    {
        ArgumentNullException.ThrowIfNull(bias);
        foreach ((int id, float value) in bias)
        {
            if ((uint)id >= (uint)vocabSize) throw new ArgumentOutOfRangeException(nameof(bias), id, $"Logit bias: expected token ids of 0 to {vocabSize - 1}.");
            if (float.IsNaN(value) || float.IsPositiveInfinity(value))
                throw new ArgumentOutOfRangeException(nameof(bias), value, $"Logit bias of token {id}: expected a finite number or -∞.");
        }
        _bias = [.. bias];
    }

    /// <inheritdoc/>
    public void Apply(CandidateList candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        foreach ((int id, float value) in _bias) candidates.SetLogit(id, candidates.GetLogit(id) + value);
    }
}
