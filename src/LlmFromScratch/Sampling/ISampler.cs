namespace LlmFromScratch.Sampling;

/// <summary>
/// One stage of choosing the next token: it changes or drops candidates, and never adds one. <see cref="SamplerChain"/> runs its stages in the
/// order given and draws from what is left. A learner's own stage implements this. Taught in notebooks/11-sampling.ipynb (to come).
/// </summary>
public interface ISampler
{
    /// <summary>Changes <paramref name="candidates"/> in place; at least one candidate must remain.</summary>
    void Apply(CandidateList candidates);

    /// <summary>Hears the prompt before the first token; a stage without memory ignores it.</summary>
    void Read(ReadOnlySpan<int> promptIds) { }

    /// <summary>Hears which token was chosen; a stage without memory ignores it.</summary>
    void Accept(int id) { }
}
