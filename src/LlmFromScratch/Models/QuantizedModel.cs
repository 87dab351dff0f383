namespace LlmFromScratch.Models;

/// <summary>What the choice of types asks about a model.</summary>
/// <param name="LayerCount">Blocks.</param>
/// <param name="ExpertCount">Experts of each feed-forward network; 0 without.</param>
/// <param name="TiedHead">Whether the embedding is the output head too.</param>
internal readonly record struct QuantizedModel(int LayerCount, int ExpertCount, bool TiedHead);
