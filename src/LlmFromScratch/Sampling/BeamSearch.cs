using LlmFromScratch.Numerics;

namespace LlmFromScratch.Sampling;

/// <summary>
/// Follows the B most probable continuations instead of one (Sutskever et al. 2014, section 3.2): each step extends every live hypothesis by every
/// token and keeps the best B of all; one that ends with the end-of-sequence token is put aside and leaves the others one place less. Hypotheses are
/// compared by <c>score(Y) = ln P(Y) / lp(Y)</c>, <c>lp(Y) = (5 + |Y|)^α / 6^α</c> (Wu et al. 2016, eq. 14, without the coverage term, which has no meaning
/// here); among live ones, all of one length, that is the order of ln P. B = 1 is greedy. Knows logits only; <c>BeamGenerator</c> runs the model.
/// </summary>
public sealed class BeamSearch
{
    private readonly int _beamCount;
    private readonly double _alpha;
    private readonly int? _endOfSequence;
    private readonly TokenLogprob[] _best; // [B]
    private readonly List<BeamHypothesis> _live = [], _finished = [];
    private readonly List<int> _parents = [];

    /// <summary>A search that begins with the empty continuation.</summary>
    /// <param name="beamCount">B, at least 1.</param>
    /// <param name="lengthAlpha">α, at least 0: 0 compares plain log-probabilities, which favours short texts; Wu et al. used 0.6 to 0.7.</param>
    /// <param name="endOfSequence">The token that finishes a hypothesis, or null to run to the last step.</param>
    public BeamSearch(int beamCount, double lengthAlpha = 0, int? endOfSequence = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(beamCount, 1);
        if (!(lengthAlpha >= 0 && double.IsFinite(lengthAlpha)))
            throw new ArgumentOutOfRangeException(nameof(lengthAlpha), lengthAlpha, "Beam search: expected a length exponent of at least 0.");
        (_beamCount, _alpha, _endOfSequence, _best) = (beamCount, lengthAlpha, endOfSequence, new TokenLogprob[beamCount]);
        _live.Add(new BeamHypothesis { Ids = [], LogProbability = 0, Score = 0, IsFinished = false });
        _parents.Add(0);
    }

    /// <summary>The hypotheses that go on, best first; at first the empty one, none when all have finished.</summary>
    public IReadOnlyList<BeamHypothesis> Live => _live;

    /// <summary>For each live hypothesis, which of the last step's it extends: whose cache it goes on with.</summary>
    public IReadOnlyList<int> Parents => _parents;

    /// <summary>Divides a log-probability by <c>(5 + length)^α / 6^α</c>.</summary>
    /// <param name="logProbability"><c>ln P(Y)</c>.</param>
    /// <param name="length">|Y|, at least 1, the end-of-sequence token counted.</param>
    /// <param name="alpha">α.</param>
    public static double Normalise(double logProbability, int length, double alpha) => logProbability / PortableMath.Pow((5.0 + length) / 6, alpha);

    /// <summary>Extends all live hypotheses by one token.</summary>
    /// <param name="logits">[live, V] row-major: the model's logits after each live hypothesis.</param>
    public void Step(ReadOnlySpan<float> logits)
    {
        if (_live.Count == 0) throw new InvalidOperationException("Beam search: every hypothesis has finished.");
        if (logits.IsEmpty || logits.Length % _live.Count != 0)
            throw new ArgumentException($"Beam search: {logits.Length} logits; expected one row for each of {_live.Count} live hypotheses.", nameof(logits));
        List<(double LogProbability, int Parent, int Id)> extensions = Extend(logits, vocabSize: logits.Length / _live.Count);
        int places = _beamCount - _finished.Count;
        BeamHypothesis[] parents = [.. _live];
        _live.Clear();
        _parents.Clear();
        foreach ((double logProbability, int parent, int id) in extensions.Take(places))
        {
            BeamHypothesis extended = new()
            {
                Ids = [.. parents[parent].Ids, id],
                LogProbability = logProbability,
                Score = Normalise(logProbability, parents[parent].Ids.Count + 1, _alpha),
                IsFinished = id == _endOfSequence,
            };
            if (extended.IsFinished)
            {
                _finished.Add(extended);
                continue;
            }
            _live.Add(extended);
            _parents.Add(parent);
        }
    }

    /// <summary>All hypotheses, finished and live, best score first; among equals the one found first.</summary>
    public IReadOnlyList<BeamHypothesis> Ranked() => [.. _finished.Concat(_live).OrderByDescending(hypothesis => hypothesis.Score)];

    // No hypothesis can give more than B of the best B, so its own best B are enough. Ties: the better parent, then the lower id.
    private List<(double LogProbability, int Parent, int Id)> Extend(ReadOnlySpan<float> logits, int vocabSize)
    {
        List<(double LogProbability, int Parent, int Id)> extensions = [];
        for (int parent = 0; parent < _live.Count; parent++)
        {
            int count = Logprobs.Top(logits.Slice(parent * vocabSize, vocabSize), _best);
            foreach (TokenLogprob token in _best.AsSpan(0, count))
                if (!double.IsNegativeInfinity(token.Logprob)) extensions.Add((_live[parent].LogProbability + token.Logprob, parent, token.Id));
        }
        return [.. extensions.OrderByDescending(extension => extension.LogProbability)]; // stable: the order of parents and ids stays among equals
    }
}
