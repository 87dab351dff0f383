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

    /// <summary>The usual chain: penalties, logit bias, temperature, top-k, top-p, min-p, typical; stages that would change nothing are left out.</summary>
    public SamplerChain(int vocabSize, SamplingOptions options)
        : this(vocabSize, options.Seed, Stages(vocabSize, options)) { }

    /// <summary>Tells the stages which tokens the text begins with; the repetition penalty counts them.</summary>
    public void Read(ReadOnlySpan<int> promptIds)
    {
        foreach (ISampler stage in _stages) stage.Read(promptIds);
    }

    /// <summary>Chooses one token.</summary>
    /// <param name="logits">[V].</param>
    public int Sample(ReadOnlySpan<float> logits)
    {
        _candidates.Fill(logits);
        foreach (ISampler stage in _stages) stage.Apply(_candidates);
        int id = _candidates.IdAt(_candidates.Count == 1 ? 0 : DrawRank()); // greedy draws nothing, so a temperature of 0 needs no seed
        foreach (ISampler stage in _stages) stage.Accept(id);
        return id;
    }

    // The first rank whose cumulative probability exceeds a uniform number, as Probability.Draw does.
    private int DrawRank()
    {
        int count = _candidates.CountToReach(_random.NextDouble(), exceed: true);
        if (count > 0) return count - 1;
        ReadOnlySpan<float> probabilities = _candidates.ComputeProbabilities();
        return probabilities.LastIndexOfAnyExcept(0f); // rounding left the sum just below: the last possible outcome owns that sliver
    }

    private static ISampler[] Stages(int vocabSize, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<ISampler> stages = [];
        if (options.HasPenalties) stages.Add(new PenaltySampler(vocabSize, options.RepetitionPenalty, options.FrequencyPenalty, options.PresencePenalty));
        if (options.LogitBias is { Count: > 0 } bias) stages.Add(new LogitBiasSampler(vocabSize, bias));
        stages.Add(new TemperatureSampler(options.Temperature));
        stages.Add(new TopKSampler(options.TopK));
        stages.Add(new TopPSampler(options.TopP));
        if (options.MinP != 0) stages.Add(new MinPSampler(options.MinP));
        if (options.TypicalP != 1) stages.Add(new TypicalSampler(vocabSize, options.TypicalP));
        return [.. stages];
    }
}
