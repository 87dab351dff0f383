namespace LlmFromScratch.Training.Layers;

/// <summary>Sizes of a block's layers and the deviations of their first weights.</summary>
/// <param name="EmbeddingSize">C.</param>
/// <param name="FeedForwardSize">F.</param>
/// <param name="Deviation">Of all weights but those that write to the residual stream.</param>
/// <param name="OutputDeviation">Of those: smaller, so that the stream's variance does not grow with depth.</param>
public readonly record struct LayerSizes(int EmbeddingSize, int FeedForwardSize, double Deviation, double OutputDeviation);
