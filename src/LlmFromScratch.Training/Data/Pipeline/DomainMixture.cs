using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Draws domains by weight: <c>p_i = w_i^(1/T) / Σ_j w_j^(1/T)</c>. With the numbers of their documents as weights, T = 1 takes each as often as there is of it, and a greater T
/// takes small domains more often, up to all alike (Devlin et al. 2018, multilingual BERT; Conneau et al. 2020, "XLM-R", section 3.1, with α = 1/T).
/// Same weights, same seed, same draws.
/// </summary>
public sealed class DomainMixture
{
    private readonly SeededRandom _random;
    private readonly string[] _names;
    private readonly double[] _probabilities;

    /// <summary>A mixture.</summary>
    /// <param name="weights">Names and weights of at least 0, one above 0.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <exception cref="ArgumentException">A weight or the temperature is out of range.</exception>
    public DomainMixture(IReadOnlyDictionary<string, double> weights, double temperature = 1, ulong seed = 1)
    {
        if (!(temperature > 0 && double.IsFinite(temperature))) throw new ArgumentException($"temperature {temperature}: expected a number above 0.", nameof(temperature));
        foreach ((string name, double weight) in weights)
            if (!(weight >= 0 && double.IsFinite(weight))) throw new ArgumentException($"weight of {name}: expected a number of at least 0, got {weight}.", nameof(weights));
        if (!weights.Values.Any(weight => weight > 0)) throw new ArgumentException("DomainMixture: expected at least one weight above 0.", nameof(weights));
        _random = new SeededRandom(seed);
        _names = [.. weights.Keys.Order(StringComparer.Ordinal)];
        double most = weights.Values.Max(); // divided by it, so that no power overflows
        _probabilities = [.. _names.Select(name => weights[name] == 0 ? 0 : PortableMath.Pow(weights[name] / most, 1 / temperature))];
        double sum = _probabilities.Sum();
        for (int i = 0; i < _probabilities.Length; i++) _probabilities[i] /= sum;
    }

    /// <summary>The domains, in ordinal order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Each domain's probability, in the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<double> Probabilities => _probabilities;

    /// <summary>The next domain.</summary>
    public string Draw()
    {
        double u = _random.NextDouble();
        int last = 0;
        for (int i = 0; i < _probabilities.Length; i++)
        {
            if (_probabilities[i] == 0) continue;
            last = i;
            if (u < _probabilities[i]) break;
            u -= _probabilities[i];
        }
        return _names[last]; // the last one with a weight takes what rounding left over
    }
}
