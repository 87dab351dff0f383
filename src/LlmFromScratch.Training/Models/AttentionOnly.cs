using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A transformer of attention alone, the smallest in which induction heads grow: one layer's heads say what the token before was, the next layer's look for it
/// (Elhage et al. 2021, "A mathematical framework for transformer circuits"; Olsson et al. 2022). It is a llama whose feed-forward networks are zeros that never
/// learn: <c>x + 0 = x</c> exactly, so the engine, its observers and every other reader of llama files run it as it is.
/// </summary>
public static class AttentionOnly
{
    /// <summary>F of the networks of zeros: the fewest values that a row of every block format holds.</summary>
    internal const int FeedForwardSize = 32;

    /// <summary>
    /// Makes a model with the weights of <see cref="FirstWeights"/>, and zeros where feed-forward networks would be.
    /// </summary>
    /// <param name="config">The sizes; those of feed-forward networks do not matter.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="learning">What it does while it learns only.</param>
    public static DecoderModel Create(ModelConfig config, ulong seed, LearningSettings? learning = null)
    {
        DecoderModel model = new(config with { FeedForwardSize = FeedForwardSize }, seed, learning);
        FirstWeights.Amplify(model);
        foreach (Variable weight in model.Parameters.Where(IsFeedForward))
        {
            if (weight.Shape.Rank == 2) weight.Data.Clear(); // the norms before the networks stay ones
            weight.Freeze();
        }
        return model;
    }

    /// <summary>The weights that learn: all but the feed-forward networks and their norms.</summary>
    public static IReadOnlyList<Variable> Learning(DecoderModel model) => [.. model.Parameters.Where(weight => !IsFeedForward(weight))];

    private static bool IsFeedForward(Variable weight) => weight.Name.Contains(".ffn_", StringComparison.Ordinal);
}
