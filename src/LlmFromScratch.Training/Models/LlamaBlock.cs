using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// The weights of one llama block and its forward pass: norm, attention, add, norm, feed-forward, add. Names are those of GGUF files.
/// </summary>
internal sealed class LlamaBlock
{
    private readonly ModelConfig _config;
    private readonly RopeConfig _rope;
    private readonly Variable _attentionNorm, _query, _key, _value, _attentionOutput, _feedForwardNorm, _gate, _up, _down;

    public LlamaBlock(ModelConfig config, int layer, Func<string, Shape, Variable> weight)
    {
        _config = config;
        _rope = config.Rope ?? throw new NotSupportedException("LlamaBlock: the model has learned positions; a llama has rotary ones.");
        string prefix = $"blk.{layer}.";
        int size = config.EmbeddingSize, queries = config.HeadCount * config.HeadSize, keys = config.KvHeadCount * config.HeadSize; // C, H·D, K·D
        _attentionNorm = weight(prefix + "attn_norm.weight", new Shape(size));
        _query = weight(prefix + "attn_q.weight", new Shape(queries, size));
        _key = weight(prefix + "attn_k.weight", new Shape(keys, size));
        _value = weight(prefix + "attn_v.weight", new Shape(keys, size));
        _attentionOutput = weight(prefix + "attn_output.weight", new Shape(size, queries));
        _feedForwardNorm = weight(prefix + "ffn_norm.weight", new Shape(size));
        _gate = weight(prefix + "ffn_gate.weight", new Shape(config.FeedForwardSize, size));
        _up = weight(prefix + "ffn_up.weight", new Shape(config.FeedForwardSize, size));
        _down = weight(prefix + "ffn_down.weight", new Shape(size, config.FeedForwardSize));
    }

    /// <summary><c>x + attention(norm(x))</c>, then <c>x + feedForward(norm(x))</c>.</summary>
    /// <param name="tape">Records the operations.</param>
    /// <param name="x">[B·T, C].</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="segments">[B·T]: the document of each row, or empty.</param>
    /// <returns>[B·T, C].</returns>
    public Variable Forward(ITape tape, Variable x, int sequenceCount, ReadOnlyMemory<int> segments)
    {
        x = tape.Add(x, Attend(tape, tape.RmsNorm(x, _attentionNorm, _config.NormEpsilon), sequenceCount, segments));
        return tape.Add(x, FeedForward(tape, tape.RmsNorm(x, _feedForwardNorm, _config.NormEpsilon)));
    }

    private Variable Attend(ITape tape, Variable x, int sequenceCount, ReadOnlyMemory<int> segments)
    {
        RopeSettings rope = new(_config.HeadSize, x.Shape[0] / sequenceCount, _rope.Base, _rope.Pairing);
        Variable query = tape.Rope(tape.Linear(x, _query), rope);  // [B·T, H·D]
        Variable key = tape.Rope(tape.Linear(x, _key), rope);      // [B·T, K·D]
        Variable value = tape.Linear(x, _value);                   // [B·T, K·D]
        AttentionSettings attention = new(sequenceCount, _config.HeadCount, _config.KvHeadCount) { Segments = segments };
        return tape.Linear(tape.Attention(query, key, value, attention), _attentionOutput);
    }

    private Variable FeedForward(ITape tape, Variable x) =>
        tape.Linear(tape.SiluMul(tape.Linear(x, _gate), tape.Linear(x, _up)), _down);
}
