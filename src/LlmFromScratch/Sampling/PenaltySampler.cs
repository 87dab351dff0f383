namespace LlmFromScratch.Sampling;

/// <summary>
/// Makes tokens less likely that the text holds already. Repetition (Keskar et al. 2019, CTRL, section 4.1), for tokens of prompt and answer:
/// <c>z ← z / θ</c> for z above 0, else <c>z · θ</c>: dividing a negative logit would reward it. Then frequency and presence (OpenAI's API reference), for
/// tokens of the answer alone: <c>z ← z - frequency · count - presence</c>.
/// </summary>
public sealed class PenaltySampler : ISampler
{
    private readonly float _repetition, _frequency, _presence;
    private readonly int[] _counts; // [V]: times chosen
    private readonly bool[] _isKnown; // [V]
    private readonly int[] _known; // [V]: the first _knownCount are the tokens of prompt and answer, each once
    private int _knownCount;

    /// <summary>Sets the dials.</summary>
    /// <param name="vocabSize">V.</param>
    /// <param name="repetition">θ, above 0; 1 is off, below 1 rewards repetition.</param>
    /// <param name="frequency">Finite; 0 is off, below 0 rewards.</param>
    /// <param name="presence">Finite; 0 is off, below 0 rewards.</param>
    public PenaltySampler(int vocabSize, float repetition, float frequency, float presence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, 1);
        if (!(repetition > 0 && float.IsFinite(repetition)))
            throw new ArgumentOutOfRangeException(nameof(repetition), repetition, "Repetition penalty: expected a finite number above 0.");
        if (!float.IsFinite(frequency)) throw new ArgumentOutOfRangeException(nameof(frequency), frequency, "Frequency penalty: expected a finite number.");
        if (!float.IsFinite(presence)) throw new ArgumentOutOfRangeException(nameof(presence), presence, "Presence penalty: expected a finite number.");
        (_repetition, _frequency, _presence) = (repetition, frequency, presence);
        (_counts, _isKnown, _known) = (new int[vocabSize], new bool[vocabSize], new int[vocabSize]);
    }

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<int> promptIds)
    {
        foreach (int id in promptIds) Know(id);
    }

    /// <inheritdoc/>
    public void Accept(int id)
    {
        Know(id);
        _counts[id]++;
    }

    /// <inheritdoc/>
    public void Apply(CandidateList candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        foreach (int id in _known.AsSpan(0, _knownCount))
        {
            float logit = candidates.GetLogit(id);
            logit = logit > 0 ? logit / _repetition : logit * _repetition;
            if (_counts[id] > 0) logit -= _frequency * _counts[id] + _presence;
            candidates.SetLogit(id, logit);
        }
    }

    private void Know(int id)
    {
        if (_isKnown[id]) return;
        _isKnown[id] = true;
        _known[_knownCount++] = id;
    }
}
