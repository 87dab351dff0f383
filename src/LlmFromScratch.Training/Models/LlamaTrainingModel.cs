using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A llama-style decoder that learns: embedding, blocks (<c>RMSNorm, grouped-query attention with RoPE, RMSNorm, SwiGLU</c>), norm, head (Touvron et
/// al. 2023). It computes what the engine's transformer computes from the same weights, and gradients too. Weights have GGUF's tensor names.
/// </summary>
public sealed class LlamaTrainingModel
{
    private const double InitialDeviation = 0.02; // as GPT-2 (Radford et al. 2019)

    private readonly List<Variable> _parameters = [];
    private readonly Variable _embedding, _outputNorm, _head;
    private readonly LlamaBlock[] _blocks;

    /// <summary>
    /// Makes a model with random weights: normal with deviation 0.02; what writes to the residual stream (attn_output, ffn_down) is scaled by
    /// <c>1/√(2L)</c>, so that the stream's variance does not grow with depth; norms start at 1.
    /// </summary>
    /// <param name="config">The sizes; architecture "llama".</param>
    /// <param name="seed">The same seed gives the same weights on every machine.</param>
    public LlamaTrainingModel(ModelConfig config, ulong seed)
    {
        Config = config.Validate();
        if (config.Architecture != "llama") throw new NotSupportedException(
            $"LlamaTrainingModel: the architecture is {config.Architecture}; supported is llama.");
        SeededRandom random = new(seed);
        _embedding = Weight("token_embd.weight", new Shape(config.VocabSize, config.EmbeddingSize));
        _blocks = new LlamaBlock[config.LayerCount];
        for (int layer = 0; layer < _blocks.Length; layer++) _blocks[layer] = new LlamaBlock(config, layer, Weight);
        _outputNorm = Weight("output_norm.weight", new Shape(config.EmbeddingSize));
        _head = config.TiedHead ? _embedding : Weight("output.weight", new Shape(config.VocabSize, config.EmbeddingSize));

        Variable Weight(string name, Shape shape)
        {
            Variable weight = new(name, shape);
            Initialise(weight, random);
            _parameters.Add(weight);
            return weight;
        }
    }

    /// <summary>The sizes.</summary>
    public ModelConfig Config { get; }

    /// <summary>All weights, in the order of the forward pass.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters;

    /// <summary>The weight with this GGUF name.</summary>
    /// <exception cref="ArgumentException">The model has no such weight.</exception>
    public Variable this[string name] => _parameters.Find(parameter => parameter.Name == name)
        ?? throw new ArgumentException(
            $"LlamaTrainingModel: there is no weight {name}; a tied model has no output.weight, blocks are blk.0 to blk.{_blocks.Length - 1}.");

    /// <summary>The logits of the next token after every position.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T]: B sequences of T tokens, one after the other.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">
    /// [B·T]: the document that each token belongs to, when several are packed into a sequence: no token sees another document. Empty means one a sequence.
    /// </param>
    /// <returns>[B·T, V].</returns>
    public Variable Forward(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount, ReadOnlyMemory<int> segments = default) =>
        tape.Linear(Hidden(tape, ids, sequenceCount, segments), _head); // [B·T, C] -> [B·T, V]

    /// <summary>The last hidden state of every position, after the final norm: what the head reads. A value or reward head stands on it too.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T].</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T] as in <see cref="Forward"/>, or empty.</param>
    /// <returns>[B·T, C].</returns>
    public Variable Hidden(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount, ReadOnlyMemory<int> segments = default)
    {
        if (sequenceCount < 1 || ids.Length % sequenceCount != 0) throw new ArgumentException(
            $"LlamaTrainingModel: {ids.Length} ids are no {sequenceCount} sequences of equal length.", nameof(ids));
        Variable x = tape.Embedding(_embedding, ids); // [B·T, C]
        foreach (LlamaBlock block in _blocks) x = block.Forward(tape, x, sequenceCount, segments);
        return tape.RmsNorm(x, _outputNorm, Config.NormEpsilon);
    }

    /// <summary>The mean cross-entropy of the targets in nats.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="ids">[B·T].</param>
    /// <param name="targets">[B·T]: the token that follows each id, or <see cref="Tape.IgnoredTarget"/>.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T] as in <see cref="Forward"/>, or empty.</param>
    /// <returns>[1].</returns>
    public Variable Loss(ITape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount, ReadOnlyMemory<int> segments = default) =>
        tape.CrossEntropy(Forward(tape, ids, sequenceCount, segments), targets);

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        foreach (Variable parameter in _parameters) parameter.ZeroGradient();
    }

    private void Initialise(Variable weight, SeededRandom random)
    {
        if (weight.Shape.Rank == 1)
        {
            weight.Data.Fill(1); // a norm
            return;
        }
        bool writesToResidual = weight.Name.EndsWith("attn_output.weight", StringComparison.Ordinal)
            || weight.Name.EndsWith("ffn_down.weight", StringComparison.Ordinal);
        double deviation = writesToResidual ? InitialDeviation / Math.Sqrt(2 * Config.LayerCount) : InitialDeviation;
        foreach (ref float value in weight.Data) value = (float)(deviation * random.NextGaussian());
    }
}
