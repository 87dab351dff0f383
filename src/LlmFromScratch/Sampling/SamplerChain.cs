using LlmFromScratch.Numerics;

namespace LlmFromScratch.Sampling;

/// <summary>
/// Chooses the next token: every stage in the order given, then one seeded draw from the candidates that are left. The order matters: a
/// temperature before top-p changes which tokens p keeps. Holds the generator's state, so one chain serves one text at a time.
/// </summary>
public sealed class SamplerChain
{
    private readonly ISampler[] _stages;
    private readonly SeededRandom _random;
    private readonly CandidateList _candidates;

    /// <summary>A chain of the stages given, in their order.</summary>
    public SamplerChain(int vocabSize, ulong seed, params ReadOnlySpan<ISampler> stages)
    {
        _stages = stages.ToArray();
        _random = new SeededRandom(seed);
        _candidates = new CandidateList(vocabSize);
    }

    /// <summary>The usual chain: temperature, then top-k, then top-p.</summary>
    public SamplerChain(int vocabSize, SamplingOptions options)
        : this(vocabSize, options.Seed, new TemperatureSampler(options.Temperature), new TopKSampler(options.TopK), new TopPSampler(options.TopP)) { }

    /// <summary>Chooses one token.</summary>
    /// <param name="logits">[V].</param>
    public int Sample(ReadOnlySpan<float> logits)
    {
        _candidates.Fill(logits);
        foreach (ISampler stage in _stages) stage.Apply(_candidates);
        if (_candidates.Count == 1) return _candidates.Ids[0]; // greedy draws nothing, so a temperature of 0 needs no seed
        return _candidates.Ids[Probability.Draw(_candidates.ComputeProbabilities(), _random)];
    }
}
