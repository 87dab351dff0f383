using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>A language model that carries one state from token to token: RNN, LSTM or GRU (Mikolov et al. 2010). Rows stand step by step: [T·B].</summary>
public sealed class RecurrentLanguageModel
{
    private readonly ParameterSet _parameters;
    private readonly Variable _tokens, _headWeight, _headBias;
    private readonly RecurrentLayer[] _layers;
    private RecurrentState[] _zeros = [];

    /// <summary>Makes a model with random weights.</summary>
    /// <param name="kind">The cell.</param>
    /// <param name="vocabSize">V.</param>
    /// <param name="size">C: of embeddings and states.</param>
    /// <param name="layerCount">Recurrent layers on top of each other.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="tiedHead">Whether the head's matrix is the table of embeddings (Press and Wolf 2017).</param>
    public RecurrentLanguageModel(CellKind kind, int vocabSize, int size, int layerCount, ulong seed, bool tiedHead = false)
    {
        (Kind, VocabSize, Size) = (kind, vocabSize, size);
        _parameters = new ParameterSet(seed);
        _tokens = _parameters.Normal("tokens", new Shape(vocabSize, size), 0.1);
        _layers = new RecurrentLayer[layerCount];
        for (int layer = 0; layer < layerCount; layer++) _layers[layer] = new RecurrentLayer(_parameters, $"layer.{layer}", kind, size, size);
        _headWeight = tiedHead ? _tokens : _parameters.Normal("head.weight", new Shape(vocabSize, size), 0.1);
        _headBias = _parameters.Zeros("head.bias", vocabSize);
    }

    /// <summary>The cell.</summary>
    public CellKind Kind { get; }

    /// <summary>V.</summary>
    public int VocabSize { get; }

    /// <summary>C.</summary>
    public int Size { get; }

    /// <summary>L: recurrent layers.</summary>
    public int LayerCount => _layers.Length;

    /// <summary>All weights.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters.All;

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients() => _parameters.ZeroGradients();

    /// <summary>The logits of the next token after every token.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[T·B]: the B first tokens, the B second ones, and so on.</param>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[T·B, V].</returns>
    public Variable Forward(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount) => Logits(tape, ids, Zeros(sequenceCount), after: default);

    /// <summary>Goes on from states: the logits of the next token after every token, and the states after the last.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[T·B] as above.</param>
    /// <param name="states">[L]: each layer's state before the first token, of B rows.</param>
    /// <returns>[T·B, V], and [L].</returns>
    public (Variable Logits, RecurrentState[] States) Forward(ITape tape, ReadOnlyMemory<int> ids, ReadOnlySpan<RecurrentState> states)
    {
        RecurrentState[] after = new RecurrentState[_layers.Length];
        return (Logits(tape, ids, states, after), after);
    }

    /// <summary>The states before a text begins: zeros.</summary>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[L].</returns>
    public RecurrentState[] ZeroStates(int sequenceCount) => Array.ConvertAll(_layers, layer => layer.ZeroState(sequenceCount));

    /// <summary>The mean cross-entropy of the targets in nats.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[T·B].</param>
    /// <param name="targets">[T·B].</param>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[1].</returns>
    public Variable Loss(ITape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount) =>
        tape.CrossEntropy(Forward(tape, ids, sequenceCount), targets);

    // Writes the states after the last token where somebody asks for them.
    private Variable Logits(ITape tape, ReadOnlyMemory<int> ids, ReadOnlySpan<RecurrentState> states, Span<RecurrentState> after)
    {
        Variable x = tape.Embedding(_tokens, ids);
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            (x, RecurrentState last) = _layers[layer].Forward(tape, x, states[layer]);
            if (!after.IsEmpty) after[layer] = last;
        }
        return tape.Linear(x, _headWeight, _headBias);
    }

    // Every step of a training begins with the same zeros.
    private RecurrentState[] Zeros(int sequenceCount)
    {
        if (_zeros.Length == 0 || _zeros[0].Hidden.Shape[0] != sequenceCount) _zeros = ZeroStates(sequenceCount);
        return _zeros;
    }
}
