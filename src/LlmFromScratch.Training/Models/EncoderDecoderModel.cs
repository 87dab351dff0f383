using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A T5-like model from text to text: an encoder that sees all of its text, a decoder that writes word by word and looks at the encoder's rows in every
/// block. RMS norms before each part, no biases, positions by learned distance buckets shared by all layers, unscaled scores (Raffel et al. 2020).
/// </summary>
public sealed class EncoderDecoderModel
{
    private const int Buckets = 32;

    private readonly ParameterSet _parameters;
    private readonly Variable _tokens, _encoderDistances, _decoderDistances;
    private readonly TransformerStack _encoder, _decoder;
    private readonly double _headScale;

    /// <summary>Makes a model with normal random weights: embeddings and distances of deviation 1, matrices of <c>1/√C</c>.</summary>
    /// <param name="vocabSize">V, shared by both texts and the head.</param>
    /// <param name="embeddingSize">C.</param>
    /// <param name="headCount">H.</param>
    /// <param name="feedForwardSize">F.</param>
    /// <param name="layerCount">Blocks of the encoder, and of the decoder.</param>
    /// <param name="seed">Of the weights.</param>
    public EncoderDecoderModel(int vocabSize, int embeddingSize, int headCount, int feedForwardSize, int layerCount, ulong seed)
    {
        _parameters = new ParameterSet(seed);
        _tokens = _parameters.Normal("tokens", new Shape(vocabSize, embeddingSize), 1);
        _encoderDistances = _parameters.Normal("encoder_distances", new Shape(Buckets, headCount), 1);
        _decoderDistances = _parameters.Normal("decoder_distances", new Shape(Buckets, headCount), 1);
        TransformerStackSettings encoder = new()
        {
            EmbeddingSize = embeddingSize,
            HeadCount = headCount,
            FeedForwardSize = feedForwardSize,
            LayerCount = layerCount,
            NormPlacement = NormPlacement.Pre,
            NormKind = NormKind.Rms,
            Activation = Activation.Relu,
            HasBias = false,
            Scale = 1,
            Deviation = 1 / Math.Sqrt(embeddingSize),
        };
        _encoder = new TransformerStack(_parameters, "encoder", encoder);
        _decoder = new TransformerStack(_parameters, "decoder", encoder with { IsCausal = true, HasCrossAttention = true });
        _headScale = 1 / Math.Sqrt(embeddingSize); // the head is the embedding table, whose rows have length √C
    }

    /// <summary>All weights.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters.All;

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients() => _parameters.ZeroGradients();

    /// <summary>Reads a text.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[B·S].</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·S]: 0 for tokens, another number for the padding after them; empty if there is none.</param>
    public CrossSource Encode(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount, ReadOnlyMemory<int> segments = default)
    {
        int length = ids.Length / sequenceCount;
        Variable bias = PositionBias.Relative(tape, _encoderDistances, length, length, bothWays: true);
        return new CrossSource(_encoder.Forward(tape, tape.Embedding(_tokens, ids), sequenceCount, segments, bias: bias), segments);
    }

    /// <summary>The logits of the next token after every token of the answer so far.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[B·T]: a start token, then the answer.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="source">Of <see cref="Encode"/>.</param>
    /// <returns>[B·T, V].</returns>
    public Variable Decode(ITape tape, ReadOnlyMemory<int> ids, int sequenceCount, CrossSource source)
    {
        int length = ids.Length / sequenceCount;
        Variable bias = PositionBias.Relative(tape, _decoderDistances, length, length, bothWays: false);
        Variable hidden = _decoder.Forward(tape, tape.Embedding(_tokens, ids), sequenceCount, default, source, bias);
        return tape.Linear(tape.Scale(hidden, _headScale), _tokens);
    }

    /// <summary>Writes an answer to one text, each time the most likely token.</summary>
    /// <param name="ids">[S].</param>
    /// <param name="startId">What the answer begins after.</param>
    /// <param name="endId">What ends it.</param>
    /// <param name="maxTokens">When to stop otherwise.</param>
    /// <returns>The answer without start and end.</returns>
    public int[] Generate(ReadOnlyMemory<int> ids, int startId, int endId, int maxTokens)
    {
        using Tape tape = new();
        using NoGradientScope scope = tape.NoGradient();
        CrossSource source = Encode(tape, ids, 1);
        return GreedyAnswer.Write(startId, endId, maxTokens, answer => Decode(tape, answer, 1, source));
    }
}
