using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A BERT-style encoder: every token sees every other; it learns by guessing masked tokens, and classifies a text by its first row (Devlin et al. 2019).
/// </summary>
public sealed class BertModel
{
    private readonly EncoderConfig _config;
    private readonly ParameterSet _parameters;
    private readonly DecoderPositions _positions = new();
    private readonly Variable _tokens, _positionRows, _maskBias;
    private readonly NormLayer _embeddingNorm, _maskNorm;
    private readonly TransformerStack _stack;
    private readonly LinearLayer _maskDense, _pooler, _classifier;

    /// <summary>Makes a model with normal random weights of deviation 0.02.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="seed">Of the weights.</param>
    public BertModel(EncoderConfig config, ulong seed)
    {
        const double deviation = 0.02;
        _config = config;
        _parameters = new ParameterSet(seed);
        int size = config.Stack.EmbeddingSize;
        _tokens = _parameters.Normal("tokens", new Shape(config.VocabSize, size), deviation);
        _positionRows = _parameters.Normal("positions", new Shape(config.ContextLength, size), deviation);
        _embeddingNorm = new NormLayer(_parameters, "embedding_norm", NormKind.Layer, size, config.Stack.NormEpsilon);
        _stack = new TransformerStack(_parameters, "encoder", config.Stack);
        _maskDense = new LinearLayer(_parameters, "mask_dense", size, size, hasBias: true, deviation);
        _maskNorm = new NormLayer(_parameters, "mask_norm", NormKind.Layer, size, config.Stack.NormEpsilon);
        _maskBias = _parameters.Zeros("mask_bias", config.VocabSize);
        MaskedParameters = [.. _parameters.All];
        _pooler = new LinearLayer(_parameters, "pooler", size, size, hasBias: true, deviation);
        _classifier = new LinearLayer(_parameters, "classifier", size, config.ClassCount, hasBias: true, deviation);
    }

    /// <summary>All weights.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters.All;

    /// <summary>The weights that guess masked tokens: all but the classification head's.</summary>
    public IReadOnlyList<Variable> MaskedParameters { get; }

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients() => _parameters.ZeroGradients();

    /// <summary>The last hidden row of every token.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[B·T].</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T]: 0 for tokens, another number for the padding after them; empty if there is none.</param>
    /// <param name="dropout">Draws what is dropped; null while not training.</param>
    /// <returns>[B·T, C].</returns>
    public Variable Hidden(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount, ReadOnlyMemory<int> segments = default, SeededRandom? dropout = null)
    {
        Variable places = tape.Embedding(_positionRows, _positions.Of(tape, sequenceCount, ids.Length / sequenceCount, []));
        Variable x = _embeddingNorm.Forward(tape, tape.Add(tape.Embedding(_tokens, ids), places));
        if (dropout is not null) x = tape.Dropout(x, _config.Stack.Dropout, dropout);
        return _stack.Forward(tape, x, sequenceCount, segments, dropout: dropout);
    }

    /// <summary>The logits of the token that stood at each place: dense, GELU, norm, and the embedding table as head.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="hidden">[N, C] of <see cref="Hidden"/>.</param>
    /// <returns>[N, V].</returns>
    public Variable MaskedLogits(ITape tape, Variable hidden)
    {
        Variable x = _maskNorm.Forward(tape, tape.Activate(_maskDense.Forward(tape, hidden), Activation.GeluErf));
        return tape.Linear(x, _tokens, _maskBias);
    }

    /// <summary>The mean cross-entropy at the chosen places of a masked batch.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="batch">Ids with masks, and targets.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T] as above, or empty.</param>
    /// <param name="dropout">Draws what is dropped, or null.</param>
    /// <returns>[1].</returns>
    public Variable MaskedLoss(ITape tape, MaskedTokens batch, int sequenceCount, ReadOnlyMemory<int> segments = default, SeededRandom? dropout = null) =>
        tape.CrossEntropy(MaskedLogits(tape, Hidden(tape, batch.Ids, sequenceCount, segments, dropout)), batch.Targets);

    /// <summary>The logits of each text's class, read from the row of its first token.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="hidden">[B·T, C] of <see cref="Hidden"/>.</param>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[B, classes].</returns>
    public Variable ClassLogits(ITape tape, Variable hidden, int sequenceCount)
    {
        Memory<int> firsts = tape.Indices(sequenceCount);
        for (int i = 0; i < sequenceCount; i++) firsts.Span[i] = i * (hidden.Shape[0] / sequenceCount);
        return _classifier.Forward(tape, tape.Activate(_pooler.Forward(tape, tape.Embedding(hidden, firsts)), Activation.Tanh));
    }
}
