using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>Attention with its four matrices: within one sequence, or from one sequence to another (Vaswani et al. 2017, section 3.2).</summary>
public sealed class AttentionLayer
{
    private readonly AttentionLayerSettings _settings;
    private readonly LinearLayer _query, _key, _value, _output;
    private readonly NormLayer? _queryNorm, _keyNorm;

    /// <summary>Makes the layer.</summary>
    /// <param name="parameters">Takes "PREFIXq", "PREFIXk", "PREFIXv", "PREFIXoutput" and the norms "PREFIXq_norm", "PREFIXk_norm".</param>
    /// <param name="prefix">Of the names.</param>
    /// <param name="settings">Sizes and kinds.</param>
    public AttentionLayer(ParameterSet parameters, string prefix, AttentionLayerSettings settings)
    {
        _settings = settings;
        int size = settings.EmbeddingSize, queries = settings.HeadCount * settings.HeadSize, keys = settings.KvHeadCount * settings.HeadSize;
        _query = new LinearLayer(parameters, prefix + "q", size, queries, settings.HasBias, settings.Deviation);
        _key = new LinearLayer(parameters, prefix + "k", size, keys, settings.HasBias, settings.Deviation);
        _value = new LinearLayer(parameters, prefix + "v", size, keys, settings.HasBias, settings.Deviation);
        _output = new LinearLayer(parameters, prefix + "output", queries, size, settings.HasOutputBias, settings.OutputDeviation);
        if (!settings.QueryKeyNorm) return;
        _queryNorm = new NormLayer(parameters, prefix + "q_norm", NormKind.Rms, settings.HeadSize, settings.NormEpsilon);
        _keyNorm = new NormLayer(parameters, prefix + "k_norm", NormKind.Rms, settings.HeadSize, settings.NormEpsilon);
    }

    /// <summary>Every row of x asks the rows of the source.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[B·T, C].</param>
    /// <param name="source">[B·S, C]: x itself, or an encoder's output for cross-attention.</param>
    /// <param name="options">B and what a query sees; its head counts are set here.</param>
    /// <param name="bias">[H, T + S - 1], or null.</param>
    /// <returns>[B·T, C].</returns>
    public Variable Forward(ITape tape, Variable x, Variable source, AttentionSettings options, Variable? bias = null)
    {
        Variable query = Place(tape, PerHead(tape, _query.Forward(tape, x), _queryNorm), options.SequenceCount);
        Variable key = Place(tape, PerHead(tape, _key.Forward(tape, source), _keyNorm), options.SequenceCount);
        options = options with { HeadCount = _settings.HeadCount, KvHeadCount = _settings.KvHeadCount };
        return _output.Forward(tape, tape.Attention(query, key, _value.Forward(tape, source), options, bias));
    }

    private Variable Place(ITape tape, Variable heads, int sequenceCount) => _settings.Rope is not RopeConfig rope ? heads
        : tape.Rope(heads, new RopeSettings(_settings.HeadSize, heads.Shape[0] / sequenceCount, rope.Base, rope.Pairing));

    // [N, H·D] -> [N·H, D], each head normalised on its own -> [N, H·D]
    private Variable PerHead(ITape tape, Variable heads, NormLayer? norm)
    {
        if (norm is null) return heads;
        Shape rows = new((int)(heads.Shape.Count / _settings.HeadSize), _settings.HeadSize);
        return tape.Reshape(norm.Forward(tape, tape.Reshape(heads, rows)), heads.Shape);
    }
}
