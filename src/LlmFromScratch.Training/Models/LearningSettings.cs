namespace LlmFromScratch.Training.Models;

/// <summary>What a decoder does while it learns and at no other time: the engine, evaluations and samples know nothing of it.</summary>
public sealed record LearningSettings
{
    /// <summary>
    /// The share of values dropped from the embedded rows and from what each attention and each feed-forward network adds to them (Radford et al. 2019, GPT-2; the
    /// weights of attention keep all of theirs). In [0, 1).
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>The capacity factor of the experts, see <see cref="Layers.MoeLayer"/>; 0 means no limit.</summary>
    public double ExpertCapacity { get; init; }
}
