namespace LlmFromScratch.Training.Alignment;

/// <summary>Where an example lies in a <see cref="PackedBatch"/>.</summary>
/// <param name="FirstRow">Its first row among the B·T.</param>
/// <param name="RowCount">How many rows it has: one less than tokens.</param>
public readonly record struct PackedExample(int FirstRow, int RowCount);
