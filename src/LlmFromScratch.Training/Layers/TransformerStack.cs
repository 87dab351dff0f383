using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>
/// Blocks of attention, cross-attention where wanted, and feed-forward network, one after the other; a last norm where the norms stand before. Encoders
/// and encoder-decoders are made of it.
/// </summary>
public sealed class TransformerStack
{
    private readonly TransformerStackSettings _settings;
    private readonly Block[] _blocks;
    private readonly NormLayer? _lastNorm;

    /// <summary>Makes the blocks.</summary>
    /// <param name="parameters">Takes the weights, under "PREFIX.0.self_q.weight" and so on.</param>
    /// <param name="prefix">Of the names.</param>
    /// <param name="settings">Sizes and kinds.</param>
    public TransformerStack(ParameterSet parameters, string prefix, TransformerStackSettings settings)
    {
        if (settings.EmbeddingSize % settings.HeadCount != 0) throw new ArgumentException(
            $"TransformerStack: embedding size {settings.EmbeddingSize} is no multiple of {settings.HeadCount} heads.");
        _settings = settings;
        _blocks = new Block[settings.LayerCount];
        for (int layer = 0; layer < _blocks.Length; layer++) _blocks[layer] = new Block(parameters, $"{prefix}.{layer}.", settings);
        if (settings.NormPlacement == NormPlacement.Pre) _lastNorm = Norm(parameters, prefix + ".norm", settings);
    }

    /// <summary>Runs all blocks.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[B·T, C].</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T]: 0 for tokens, another number for padding; empty if there is none.</param>
    /// <param name="source">What cross-attention looks at; none for a stack without.</param>
    /// <param name="bias">[H, 2T - 1] for the attention within x, or null.</param>
    /// <param name="dropout">Draws what is dropped; null while not training.</param>
    /// <returns>[B·T, C].</returns>
    public Variable Forward(ITape tape, Variable x, int sequenceCount, ReadOnlyMemory<int> segments, CrossSource? source = null, Variable? bias = null,
        SeededRandom? dropout = null)
    {
        AttentionSettings within = new(sequenceCount, 1, 1, _settings.IsCausal, _settings.Scale) { Segments = segments };
        AttentionSettings across = new(sequenceCount, 1, 1, Causal: false, _settings.Scale);
        if (source is { Segments.IsEmpty: false } padded)
        {
            Memory<int> tokens = tape.Indices(x.Shape[0]);
            tokens.Span.Clear(); // every query looks at segment 0: the tokens
            across = across with { Segments = padded.Segments, QuerySegments = tokens };
        }
        foreach (Block block in _blocks) x = block.Forward(tape, x, within, across, source?.Rows, bias, dropout);
        return _lastNorm?.Forward(tape, x) ?? x;
    }

    private static NormLayer Norm(ParameterSet parameters, string name, TransformerStackSettings settings) =>
        new(parameters, name, settings.NormKind, settings.EmbeddingSize, settings.NormEpsilon);

    private sealed class Block
    {
        private readonly TransformerStackSettings _settings;
        private readonly AttentionLayer _self;
        private readonly AttentionLayer? _cross;
        private readonly FeedForwardLayer _feedForward;
        private readonly NormLayer _selfNorm, _feedForwardNorm;
        private readonly NormLayer? _crossNorm;

        public Block(ParameterSet parameters, string prefix, TransformerStackSettings settings)
        {
            _settings = settings;
            AttentionLayerSettings attention = new()
            {
                EmbeddingSize = settings.EmbeddingSize,
                HeadCount = settings.HeadCount,
                KvHeadCount = settings.HeadCount,
                HeadSize = settings.EmbeddingSize / settings.HeadCount,
                HasBias = settings.HasBias,
                HasOutputBias = settings.HasBias,
                Deviation = settings.Deviation,
                OutputDeviation = settings.Deviation,
            };
            _self = new AttentionLayer(parameters, prefix + "self_", attention);
            _selfNorm = Norm(parameters, prefix + "self_norm", settings);
            if (settings.HasCrossAttention)
            {
                _cross = new AttentionLayer(parameters, prefix + "cross_", attention);
                _crossNorm = Norm(parameters, prefix + "cross_norm", settings);
            }
            LayerSizes sizes = new(settings.EmbeddingSize, settings.FeedForwardSize, settings.Deviation, settings.Deviation);
            _feedForward = new FeedForwardLayer(parameters, prefix + "ffn_", "", sizes, hasGate: false, settings.Activation, settings.HasBias);
            _feedForwardNorm = Norm(parameters, prefix + "ffn_norm", settings);
        }

        public Variable Forward(ITape tape, Variable x, AttentionSettings within, AttentionSettings across, Variable? source, Variable? bias, SeededRandom? dropout)
        {
            Variable normed = Before(tape, x, _selfNorm);
            x = After(tape, x, _self.Forward(tape, normed, normed, within, bias), _selfNorm, dropout);
            if (_cross is not null && _crossNorm is not null)
            {
                Variable rows = source ?? throw new ArgumentException("TransformerStack: there is no source; a stack with cross-attention needs one.");
                x = After(tape, x, _cross.Forward(tape, Before(tape, x, _crossNorm), rows, across), _crossNorm, dropout);
            }
            return After(tape, x, _feedForward.Forward(tape, Before(tape, x, _feedForwardNorm)), _feedForwardNorm, dropout);
        }

        private Variable Before(ITape tape, Variable x, NormLayer norm) => _settings.NormPlacement == NormPlacement.Pre ? norm.Forward(tape, x) : x;

        private Variable After(ITape tape, Variable x, Variable answer, NormLayer norm, SeededRandom? dropout)
        {
            if (dropout is not null) answer = tape.Dropout(answer, _settings.Dropout, dropout);
            Variable sum = tape.Add(x, answer);
            return _settings.NormPlacement == NormPlacement.Post ? norm.Forward(tape, sum) : sum;
        }
    }
}
