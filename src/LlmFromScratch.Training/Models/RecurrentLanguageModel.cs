using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>A language model that carries one state from token to token: RNN, LSTM or GRU (Mikolov et al. 2010). Rows stand step by step: [T·B].</summary>
public sealed class RecurrentLanguageModel
{
    private readonly ParameterSet _parameters;
    private readonly Variable _tokens;
    private readonly RecurrentLayer[] _layers;
    private readonly LinearLayer _head;

    /// <summary>Makes a model with random weights.</summary>
    /// <param name="kind">The cell.</param>
    /// <param name="vocabSize">V.</param>
    /// <param name="size">C: of embeddings and states.</param>
    /// <param name="layerCount">Recurrent layers on top of each other.</param>
    /// <param name="seed">Of the weights.</param>
    public RecurrentLanguageModel(CellKind kind, int vocabSize, int size, int layerCount, ulong seed)
    {
        _parameters = new ParameterSet(seed);
        _tokens = _parameters.Normal("tokens", new Shape(vocabSize, size), 0.1);
        _layers = new RecurrentLayer[layerCount];
        for (int layer = 0; layer < layerCount; layer++) _layers[layer] = new RecurrentLayer(_parameters, $"layer.{layer}", kind, size, size);
        _head = new LinearLayer(_parameters, "head", size, vocabSize, hasBias: true, 0.1);
    }

    /// <summary>All weights.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters.All;

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients() => _parameters.ZeroGradients();

    /// <summary>The logits of the next token after every token.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[T·B]: the B first tokens, the B second ones, and so on.</param>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[T·B, V].</returns>
    public Variable Forward(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount)
    {
        Variable x = tape.Embedding(_tokens, ids);
        foreach (RecurrentLayer layer in _layers) x = layer.Forward(tape, x, layer.ZeroState(sequenceCount)).Outputs;
        return _head.Forward(tape, x);
    }

    /// <summary>The mean cross-entropy of the targets in nats.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[T·B].</param>
    /// <param name="targets">[T·B].</param>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[1].</returns>
    public Variable Loss(ITape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount) =>
        tape.CrossEntropy(Forward(tape, ids, sequenceCount), targets);
}
