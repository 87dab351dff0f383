using LlmFromScratch.Numerics;

namespace LlmFromScratch.Inference;

/// <summary>What <see cref="Perplexity"/> measured.</summary>
/// <param name="TokenCount">Tokens scored.</param>
/// <param name="Nats">The sum of their costs <c>-ln p</c>.</param>
/// <param name="ByteCount">Bytes of the text.</param>
public readonly record struct PerplexityResult(int TokenCount, double Nats, long ByteCount)
{
    /// <summary>The mean cost of a token, in nats.</summary>
    public double NatsPerToken => Nats / TokenCount;

    /// <summary><c>e^(nats per token)</c>: between how many tokens the model wavers, on average.</summary>
    public double Perplexity => PortableMath.Exp(NatsPerToken);

    /// <summary><c>nats / ln 2 / bytes</c>: comparable between vocabularies.</summary>
    public double BitsPerByte => Nats / PortableMath.Log(2) / ByteCount;
}
