using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A decoder that learns: embedding, blocks, norm, head. What its config says decides whether it is a llama (RMSNorm, RoPE, SwiGLU; Touvron et al. 2023), a
/// mixture of experts, a GPT-2 (LayerNorm, learned positions, GELU; Radford et al. 2019), a qwen or a gemma. It computes what the engine's transformer
/// computes from the same weights, and gradients too. Weights have GGUF's tensor names; experts stand alone, the fourth as "ffn_up.3.weight".
/// </summary>
public sealed class DecoderModel
{
    private const double InitialDeviation = 0.02; // as GPT-2
    private const double BalanceWeight = 0.01;    // of the experts' load-balancing loss (Fedus et al. 2022, section 2.2)

    private readonly ParameterSet _parameters;
    private readonly DecoderPositions _positions = new();
    private readonly Variable _embedding, _head;
    private readonly Variable? _positionEmbedding, _headBias;
    private readonly DecoderBlock[] _blocks;
    private readonly NormLayer _outputNorm;
    private readonly LearningSettings _learning;

    /// <summary>
    /// Makes a model with random weights: normal with deviation 0.02; what writes to the residual stream (attn_output, ffn_down) is scaled by
    /// <c>1/√(2L)</c>, so that the stream's variance does not grow with depth; norms start at 1, biases at 0.
    /// </summary>
    /// <param name="config">The sizes and kinds.</param>
    /// <param name="seed">The same seed gives the same weights on every machine.</param>
    /// <param name="learning">What it does while it learns only; without it nothing.</param>
    /// <exception cref="NotSupportedException">Partly turned heads or stretched positions: they are made for models that are already trained.</exception>
    public DecoderModel(ModelConfig config, ulong seed, LearningSettings? learning = null)
    {
        _learning = learning ?? new LearningSettings();
        Config = config.Validate();
        if (config.Rope is { } rope && (config.RotatedSize != config.HeadSize || rope.Scaling != new RopeScaling())) throw new NotSupportedException(
            $"DecoderModel: RoPE turns {config.RotatedSize} of {config.HeadSize} values, {rope.Scaling}; supported: whole heads, no scaling.");
        _parameters = new ParameterSet(seed);
        double outputDeviation = InitialDeviation / Math.Sqrt(2 * config.LayerCount);
        _embedding = Matrix("token_embd.weight", config.VocabSize);
        _positionEmbedding = config.Rope is null ? Matrix("position_embd.weight", config.ContextLength) : null;
        _blocks = new DecoderBlock[config.LayerCount];
        for (int layer = 0; layer < _blocks.Length; layer++) _blocks[layer] = new DecoderBlock(_parameters, config, _learning, layer, InitialDeviation, outputDeviation);
        _outputNorm = new NormLayer(_parameters, "output_norm", config.NormKind, config.EmbeddingSize, config.NormEpsilon);
        _head = config.TiedHead ? _embedding : Matrix("output.weight", config.VocabSize);
        _headBias = config.HasBias(Biases.Head) ? _parameters.Zeros("output.bias", config.VocabSize) : null;

        Variable Matrix(string name, int rows) => _parameters.Normal(name, new Shape(rows, config.EmbeddingSize), InitialDeviation);
    }

    /// <summary>The sizes and kinds.</summary>
    public ModelConfig Config { get; }

    /// <summary>All weights, in the order of the forward pass.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters.All;

    /// <summary>The weight with this GGUF name.</summary>
    /// <exception cref="ArgumentException">The model has no such weight.</exception>
    public Variable this[string name] => _parameters[name];

    /// <summary>The logits of the next token after every position.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T]: B sequences of T tokens, one after the other.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">
    /// [B·T]: the document that each token belongs to, when several are packed into a sequence: no token sees another document. Empty means one a sequence.
    /// </param>
    /// <returns>[B·T, V].</returns>
    public Variable Forward(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount, ReadOnlyMemory<int> segments = default) =>
        Logits(tape, Hidden(tape, ids, sequenceCount, segments));

    /// <summary>The last hidden state of every position, after the final norm: what the head reads. A value or reward head stands on it too.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T].</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T] as in <see cref="Forward"/>, or empty.</param>
    /// <returns>[B·T, C].</returns>
    public Variable Hidden(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount, ReadOnlyMemory<int> segments = default)
    {
        Variable? balanceLoss = null;
        return Hidden(tape, ids, sequenceCount, segments, dropout: null, ref balanceLoss);
    }

    /// <summary>The mean cross-entropy of the targets in nats; with experts 0.01 of their mean load-balancing loss is added.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T].</param>
    /// <param name="targets">[B·T]: the token that follows each id, or <see cref="Tape.IgnoredTarget"/>.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T] as in <see cref="Forward"/>, or empty.</param>
    /// <param name="dropout">Draws what is dropped; null: then nothing is, and experts have no limit.</param>
    /// <returns>[1].</returns>
    public Variable Loss(ITape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount, ReadOnlyMemory<int> segments = default, SeededRandom? dropout = null)
    {
        Variable? balanceLoss = null;
        Variable logits = Logits(tape, Hidden(tape, ids, sequenceCount, segments, dropout, ref balanceLoss));
        return WithBalance(tape, tape.CrossEntropy(logits, targets), balanceLoss);
    }

    /// <summary>The mean cross-entropy of soft targets (Hinton et al. 2015): distributions where <see cref="Loss"/> has ids; with experts the same is added.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T].</param>
    /// <param name="probabilities">[B·T, V]: how likely each token is to follow.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="dropout">Draws what is dropped; null: then nothing is, and experts have no limit.</param>
    /// <returns>[1].</returns>
    public Variable SoftLoss(ITape tape, ReadOnlyMemory<int> ids, Variable probabilities, int sequenceCount, SeededRandom? dropout = null)
    {
        Variable? balanceLoss = null;
        Variable logits = Logits(tape, Hidden(tape, ids, sequenceCount, segments: default, dropout, ref balanceLoss));
        return WithBalance(tape, tape.CrossEntropy(logits, probabilities), balanceLoss);
    }

    /// <summary>The mean cross-entropy of the targets in nats and nothing else: what is measured on held-out text. Experts have no limit.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T].</param>
    /// <param name="targets">[B·T] as in <see cref="Loss"/>.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T] as in <see cref="Forward"/>, or empty.</param>
    /// <returns>[1].</returns>
    public Variable CrossEntropy(ITape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount, ReadOnlyMemory<int> segments = default) =>
        tape.CrossEntropy(Logits(tape, Hidden(tape, ids, sequenceCount, segments)), targets);

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients() => _parameters.ZeroGradients();

    private Variable Hidden(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount, ReadOnlyMemory<int> segments, SeededRandom? dropout, ref Variable? balanceLoss)
    {
        if (sequenceCount < 1 || ids.Length % sequenceCount != 0) throw new ArgumentException(
            $"DecoderModel: {ids.Length} ids are no {sequenceCount} sequences of equal length.", nameof(ids));
        Variable x = tape.Embedding(_embedding, ids); // [B·T, C]
        if (Config.EmbeddingScale != 1) x = tape.Scale(x, Config.EmbeddingScale);
        if (_positionEmbedding is not null)
            x = tape.Add(x, tape.Embedding(_positionEmbedding, _positions.Of(tape, sequenceCount, ids.Length / sequenceCount, segments.Span)));
        if (dropout is not null) x = tape.Dropout(x, _learning.Dropout, dropout);
        foreach (DecoderBlock block in _blocks) x = block.Forward(tape, x, sequenceCount, segments, dropout, ref balanceLoss);
        return _outputNorm.Forward(tape, x);
    }

    private Variable WithBalance(ITape tape, Variable loss, Variable? balanceLoss) =>
        balanceLoss is null ? loss : tape.Add(loss, tape.Scale(balanceLoss, BalanceWeight / _blocks.Length));

    private Variable Logits(ITape tape, Variable hidden)
    {
        Variable logits = tape.Linear(hidden, _head, _headBias); // [B·T, C] -> [B·T, V]
        return Config.LogitSoftCap is float cap ? tape.Scale(tape.Activate(tape.Scale(logits, 1.0 / cap), Activation.Tanh), cap) : logits;
    }
}
