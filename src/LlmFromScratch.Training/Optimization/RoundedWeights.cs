using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Optimization;

/// <summary>
/// Trains weights that are rounded whenever they are used, while exact float copies learn. With bfloat16 this is what mixed precision does (Micikevicius et al.
/// 2018): steps too small for the rounded weight add up in the copy. With a block format it is quantization-aware training: the forward and
/// backward pass see the quantized values and the gradient is applied to the exact ones as if rounding were not there, the straight-through
/// estimator (Bengio et al. 2013; Jacob et al. 2018). Only the values are rounded; the arithmetic stays float.
/// </summary>
public sealed class RoundedWeights
{
    private readonly IReadOnlyList<Variable> _parameters;
    private readonly DType _type;
    private readonly float[][] _exact; // [parameter][value]

    /// <summary>Keeps exact copies of the weights and rounds the weights themselves.</summary>
    /// <param name="parameters">The weights of a model. BF16 rounds all; a block format rounds matrices, as a file of that type does.</param>
    /// <param name="type">BF16, or a block format such as Q8_0.</param>
    public RoundedWeights(IReadOnlyList<Variable> parameters, DType type)
    {
        _parameters = parameters;
        _type = type;
        _exact = [.. parameters.Select(parameter => parameter.Data.ToArray())];
        Round();
    }

    /// <summary>Bytes of the exact copies.</summary>
    public long ExactBytes => _exact.Sum(values => (long)values.Length * sizeof(float));

    /// <summary>Puts the exact values back into the weights: before the optimizer moves them, and before a checkpoint.</summary>
    public void Restore()
    {
        for (int i = 0; i < _exact.Length; i++) _exact[i].CopyTo(_parameters[i].Data);
    }

    /// <summary>Takes the weights' values as the exact ones and rounds the weights.</summary>
    public void TakeAndRound()
    {
        for (int i = 0; i < _exact.Length; i++) _parameters[i].Data.CopyTo(_exact[i]);
        Round();
    }

    private void Round()
    {
        foreach (Variable parameter in _parameters) Round(parameter, _type);
    }

    /// <summary>Rounds one weight as a file of that type would hold it: bfloat16 rounds everything, a block format matrices only.</summary>
    internal static void Round(Variable parameter, DType type)
    {
        if (parameter.Shape.Rank == 1 && type != DType.BF16) return;
        int size = parameter.Shape.RowLength;
        byte[] row = new byte[type.ByteCount(size)];
        for (int start = 0; start < parameter.Data.Length; start += size)
        {
            RowCodec.Encode(type, parameter.Data.Slice(start, size), row);
            RowCodec.Decode(type, row, parameter.Data.Slice(start, size));
        }
    }
}
