using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu.Experts;

/// <summary>The experts of a weight [E, out, in], each a weight of its own for MatMul.</summary>
internal sealed class ExpertStorage : TensorStorage
{
    private readonly Tensor[] _experts; // [E] of [out, in]

    private ExpertStorage(Tensor[] experts) => _experts = experts;

    /// <inheritdoc/>
    public override long ByteLength => _experts.Sum(expert => expert.Storage.ByteLength);

    /// <summary>Loads each expert of a host weight.</summary>
    public static Tensor Load(Tensor host, Func<Tensor, Tensor> loadMatMulWeight)
    {
        Tensor[] experts = new Tensor[host.Shape[0]];
        for (int e = 0; e < experts.Length; e++) experts[e] = loadMatMulWeight(host.Slice(e, 1).Reshape(host.Shape[1], host.Shape[2]));
        return new Tensor(host.Shape, host.DType, new ExpertStorage(experts));
    }

    /// <summary>The experts behind a weight from <see cref="Load"/>.</summary>
    public static ReadOnlySpan<Tensor> Of(Tensor weight) => weight.Storage is ExpertStorage storage
        ? storage._experts
        : throw new ArgumentException($"ExpertMatMul: {weight} is not packed for the cpu backend; expected the tensor that its LoadMatMulWeight returned.");

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (Tensor expert in _experts) expert.Dispose();
    }
}
