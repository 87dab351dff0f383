using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// The weights of one decoder block and its forward pass: norm, attention, add, norm, feed-forward network or experts, add; the same steps as the engine's
/// TransformerBlock. Names are those of GGUF files.
/// </summary>
internal sealed class DecoderBlock
{
    private readonly NormLayer _attentionNorm, _feedForwardNorm;
    private readonly NormLayer? _attentionPostNorm, _feedForwardPostNorm;
    private readonly AttentionLayer _attention;
    private readonly FeedForwardLayer? _feedForward;
    private readonly MoeLayer? _experts;
    private readonly AttentionSettings _options; // of one sequence
    private readonly float _dropout;

    public DecoderBlock(ParameterSet parameters, ModelConfig config, LearningSettings learning, int layer, double deviation, double outputDeviation)
    {
        _dropout = learning.Dropout;
        string prefix = $"blk.{layer}.";
        bool isLocal = config.Attention.Window is { } window && window.IsLocal(layer);
        _options = new AttentionSettings(1, config.HeadCount, config.KvHeadCount, Causal: true, config.Attention.Scale,
            isLocal ? config.Attention.Window!.Size : 0, config.Attention.SoftCap ?? 0); // not null: isLocal has seen it
        _attentionNorm = Norm("attn_norm");
        _attention = new AttentionLayer(parameters, prefix + "attn_", new AttentionLayerSettings
        {
            EmbeddingSize = config.EmbeddingSize,
            HeadCount = config.HeadCount,
            KvHeadCount = config.KvHeadCount,
            HeadSize = config.HeadSize,
            HasBias = config.HasBias(Biases.QueryKeyValue),
            HasOutputBias = config.HasBias(Biases.AttentionOutput),
            Rope = config.Rope is { LocalBase: float localBase } rope && isLocal ? rope with { Base = localBase } : config.Rope,
            QueryKeyNorm = config.Attention.QueryKeyNorm,
            NormEpsilon = config.NormEpsilon,
            Deviation = deviation,
            OutputDeviation = outputDeviation,
        });
        _attentionPostNorm = config.PostNorm ? Norm("post_attention_norm") : null;
        _feedForwardNorm = Norm("ffn_norm");
        bool hasGate = config.FeedForwardKind != FeedForwardKind.Gelu;
        Activation activation = config.FeedForwardKind == FeedForwardKind.SwiGlu ? Activation.Silu : Activation.GeluTanh;
        LayerSizes sizes = new(config.EmbeddingSize, config.Moe?.FeedForwardSize ?? config.FeedForwardSize, deviation, outputDeviation);
        if (config.Moe is { } moe) _experts = new MoeLayer(parameters, prefix + "ffn_", sizes, moe.ExpertCount, moe.UsedCount, activation, learning.ExpertCapacity);
        else _feedForward = new FeedForwardLayer(parameters, prefix + "ffn_", "", sizes, hasGate, activation, config.HasBias(Biases.FeedForward));
        _feedForwardPostNorm = config.PostNorm ? Norm("post_ffw_norm") : null;

        NormLayer Norm(string name) => new(parameters, prefix + name, config.NormKind, config.EmbeddingSize, config.NormEpsilon);
    }

    /// <summary><c>x + attention(norm(x))</c>, then <c>x + feedForward(norm(x))</c>; what is added is normalised as well where the model has post-norms.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="x">[B·T, C].</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T]: the document of each row, or empty.</param>
    /// <param name="dropout">Draws what is dropped; null while not training.</param>
    /// <param name="balanceLoss">Gets the experts' load-balancing loss [1] added, if there are experts.</param>
    /// <returns>[B·T, C].</returns>
    public Variable Forward(ITape tape, Variable x, int sequenceCount, ReadOnlyMemory<int> segments, SeededRandom? dropout, ref Variable? balanceLoss)
    {
        Variable normed = _attentionNorm.Forward(tape, x);
        Variable attended = _attention.Forward(tape, normed, normed, _options with { SequenceCount = sequenceCount, Segments = segments });
        x = Added(tape, x, _attentionPostNorm?.Forward(tape, attended) ?? attended, dropout);
        Variable answer = Answer(tape, _feedForwardNorm.Forward(tape, x), isLearning: dropout is not null, ref balanceLoss);
        return Added(tape, x, _feedForwardPostNorm?.Forward(tape, answer) ?? answer, dropout);
    }

    private Variable Added(ITape tape, Variable x, Variable answer, SeededRandom? dropout) =>
        tape.Add(x, dropout is null ? answer : tape.Dropout(answer, _dropout, dropout));

    private Variable Answer(ITape tape, Variable x, bool isLearning, ref Variable? balanceLoss)
    {
        if (_feedForward is not null) return _feedForward.Forward(tape, x);
        (Variable output, Variable loss) = _experts!.Forward(tape, x, isLearning); // not null: the constructor made one of the two
        balanceLoss = balanceLoss is null ? loss : tape.Add(balanceLoss, loss);
        return output;
    }
}
