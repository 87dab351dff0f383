namespace LlmFromScratch.Models;

/// <summary>How a model normalises its rows.</summary>
public enum NormKind
{
    /// <summary>Divides by the root mean square: llama and most models since (Zhang and Sennrich 2019).</summary>
    Rms,

    /// <summary>Subtracts the mean, divides by the standard deviation, adds a bias: GPT-2 (Ba et al. 2016).</summary>
    Layer,
}
