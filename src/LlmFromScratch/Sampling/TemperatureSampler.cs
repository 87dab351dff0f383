namespace LlmFromScratch.Sampling;

/// <summary>Divides every logit by T, so that <c>p_i ∝ e^(z_i / T)</c>: below 1 sharper, above 1 flatter; ranks never change. T = 0 keeps only the best token.</summary>
public sealed class TemperatureSampler : ISampler
{
    private readonly float _temperature;

    /// <summary>Sets T, at least 0 and finite.</summary>
    public TemperatureSampler(float temperature)
    {
        if (!(temperature >= 0 && float.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "Temperature: expected a finite number of at least 0.");
        _temperature = temperature;
    }

    /// <inheritdoc/>
    public void Apply(CandidateList candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (_temperature == 0)
        {
            candidates.Best(); // refuses a list in which nothing is possible
            candidates.KeepFirst(1);
            return;
        }
        float best = candidates.Best(); // differences to the best are divided, so that a tiny T gives -infinity and never infinity minus infinity
        foreach (ref float logit in candidates.UnorderedLogits) logit = (logit - best) / _temperature;
    }
}
