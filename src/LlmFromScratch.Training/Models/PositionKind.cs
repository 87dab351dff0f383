namespace LlmFromScratch.Training.Models;

/// <summary>How a <see cref="PositionedDecoder"/> learns where its tokens stand.</summary>
public enum PositionKind
{
    /// <summary>Not at all: only the causal mask tells an order.</summary>
    None,

    /// <summary>Fixed sines and cosines, added to the tokens' vectors (Vaswani et al. 2017, section 3.5).</summary>
    Sinusoidal,

    /// <summary>A learned row for each position, added to the tokens' vectors (Radford et al. 2019, GPT-2).</summary>
    Learned,

    /// <summary>Queries and keys turned by their position (Su et al. 2021, RoFormer, section 3.2).</summary>
    Rope,

    /// <summary>A penalty on attention scores that grows with the distance (Press et al. 2022, section 3).</summary>
    Alibi,
}
