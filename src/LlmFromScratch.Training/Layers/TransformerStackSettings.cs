using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>What the blocks of an encoder or decoder are made of; the defaults are BERT's.</summary>
public sealed record TransformerStackSettings
{
    /// <summary>C.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>H; each head has C / H values.</summary>
    public required int HeadCount { get; init; }

    /// <summary>F.</summary>
    public required int FeedForwardSize { get; init; }

    /// <summary>L.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Where the norms stand.</summary>
    public NormPlacement NormPlacement { get; init; } = NormPlacement.Post;

    /// <summary>How rows are normalised.</summary>
    public NormKind NormKind { get; init; } = NormKind.Layer;

    /// <summary>ε of the norms.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Of the feed-forward networks.</summary>
    public Activation Activation { get; init; } = Activation.GeluErf;

    /// <summary>Whether all matrices have biases.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Whether a row sees only rows up to itself.</summary>
    public bool IsCausal { get; init; }

    /// <summary>Whether each block also asks an encoder's output.</summary>
    public bool HasCrossAttention { get; init; }

    /// <summary>Factor of the attention scores; null for <c>1/√D</c>, 1 for T5.</summary>
    public float? Scale { get; init; }

    /// <summary>Share of values dropped after attention and feed-forward network while training.</summary>
    public float Dropout { get; init; }

    /// <summary>Deviation of the first weights.</summary>
    public double Deviation { get; init; } = 0.02;
}
