using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A very small decoder of which everything is fixed but the way in which positions enter it, so that the ways can be compared: pre-norm blocks with RMSNorm,
/// attention and a GELU network of width 4C. notebooks/04-embeddings.ipynb trains one of each kind and asks them about texts longer than any they saw.
/// </summary>
public sealed class PositionedDecoder
{
    private const double Deviation = 0.02, RowDeviation = 0.5; // 0.5: about as loud as a sine, so that neither drowns the other

    private readonly PositionKind _kind;
    private readonly int _headCount;
    private readonly ParameterSet _parameters;
    private readonly Variable _tokens, _head;   // [V, C]
    private readonly Variable? _positions;      // [longest, C]
    private readonly Block[] _blocks;
    private readonly NormLayer _lastNorm;
    private Variable? _bias; // ALiBi's, for texts of the last length

    /// <summary>Makes a model with random weights; the same seed gives models of all kinds the same weights, as far as they have them in common.</summary>
    /// <param name="kind">How positions enter.</param>
    /// <param name="vocabSize">V.</param>
    /// <param name="size">C, a multiple of the heads, each of which has an even number of values.</param>
    /// <param name="headCount">H.</param>
    /// <param name="layerCount">L.</param>
    /// <param name="longest">The most tokens of a text: rows of the tables, which the kinds with a table need.</param>
    /// <param name="seed">Of the weights.</param>
    public PositionedDecoder(PositionKind kind, int vocabSize, int size, int headCount, int layerCount, int longest, ulong seed)
    {
        if (size % (2 * headCount) != 0) throw new ArgumentException($"PositionedDecoder: size {size} is no even multiple of {headCount} heads.", nameof(size));
        (_kind, _headCount) = (kind, headCount);
        _parameters = new ParameterSet(seed);
        _tokens = _parameters.Normal("tokens", new Shape(vocabSize, size), RowDeviation);
        _blocks = new Block[layerCount];
        for (int layer = 0; layer < layerCount; layer++) _blocks[layer] = new Block(_parameters, layer, size, headCount, kind);
        _lastNorm = new NormLayer(_parameters, "norm", NormKind.Rms, size, 1e-5f);
        _head = _parameters.Normal("head", new Shape(vocabSize, size), Deviation);
        if (kind == PositionKind.Learned) _positions = _parameters.Normal("positions", new Shape(longest, size), RowDeviation); // last: the others keep their weights
        if (kind == PositionKind.Sinusoidal) _positions = SinusoidalPositions.Table(longest, size);
    }

    /// <summary>All weights.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters.All;

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients() => _parameters.ZeroGradients();

    /// <summary>The logits of the next token after every position.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T]: B texts of T tokens, one after the other.</param>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[B·T, V].</returns>
    public Variable Forward(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount)
    {
        int length = ids.Length / sequenceCount; // T
        Variable x = tape.Embedding(_tokens, ids); // [B·T, C]
        if (_positions is not null)
        {
            if (length > _positions.Shape[0]) throw new ArgumentException(
                $"PositionedDecoder: a text of {length} tokens, but its table has {_positions.Shape[0]} positions.", nameof(ids));
            Memory<int> places = tape.Indices(ids.Length);
            for (int n = 0; n < ids.Length; n++) places.Span[n] = n % length;
            x = tape.Add(x, tape.Embedding(_positions, places));
        }
        if (_kind == PositionKind.Alibi && _bias?.Shape[1] != 2 * length - 1) _bias = PositionBias.Alibi(_headCount, length, length);
        foreach (Block block in _blocks) x = block.Forward(tape, x, sequenceCount, _bias);
        return tape.Linear(_lastNorm.Forward(tape, x), _head);
    }

    private sealed class Block
    {
        private readonly AttentionLayer _attention;
        private readonly FeedForwardLayer _feedForward;
        private readonly NormLayer _attentionNorm, _feedForwardNorm;

        public Block(ParameterSet parameters, int layer, int size, int headCount, PositionKind kind)
        {
            string prefix = $"{layer}.";
            _attentionNorm = new NormLayer(parameters, prefix + "attention_norm", NormKind.Rms, size, 1e-5f);
            _attention = new AttentionLayer(parameters, prefix + "attention_", new AttentionLayerSettings
            {
                EmbeddingSize = size, HeadCount = headCount, KvHeadCount = headCount, HeadSize = size / headCount, Deviation = 1 / Math.Sqrt(size),
                Rope = kind == PositionKind.Rope ? new RopeConfig() : null,
            });
            _feedForwardNorm = new NormLayer(parameters, prefix + "network_norm", NormKind.Rms, size, 1e-5f);
            LayerSizes sizes = new(size, 4 * size, 1 / Math.Sqrt(size), Deviation);
            _feedForward = new FeedForwardLayer(parameters, prefix + "network_", "", sizes, hasGate: false, Activation.GeluTanh, hasBias: false);
        }

        public Variable Forward(ITape tape, Variable x, int sequenceCount, Variable? bias)
        {
            Variable normed = _attentionNorm.Forward(tape, x);
            x = tape.Add(x, _attention.Forward(tape, normed, normed, new AttentionSettings(sequenceCount, 1, 1), bias));
            return tape.Add(x, _feedForward.Forward(tape, _feedForwardNorm.Forward(tape, x)));
        }
    }
}
