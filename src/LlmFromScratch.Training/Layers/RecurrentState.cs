using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>What a recurrent layer remembers between two steps.</summary>
/// <param name="Hidden">[B, C].</param>
/// <param name="Cell">[B, C], the LSTM's memory; null for the other cells.</param>
public readonly record struct RecurrentState(Variable Hidden, Variable? Cell);
