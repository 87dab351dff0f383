using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>Finds tensors by name, checks their shapes and types, and brings them to a backend.</summary>
internal sealed class WeightFinder(IBackend backend, ModelConfig config, Func<string, Tensor?> find, string source)
{
    public bool Has(string name) => find(name) is not null;

    /// <summary>A host tensor of a shape.</summary>
    public Tensor Host(string name, params ReadOnlySpan<int> sizes)
    {
        Shape expected = new(sizes);
        Tensor tensor = find(name) ?? throw new InvalidDataException($"{source}: tensor '{name}' {expected} is missing.");
        if (tensor.Shape != expected) throw new InvalidDataException($"{source}: tensor '{name}' is {tensor.Shape}; the model's sizes ask for {expected}.");
        if (expected.Rank == 1 && tensor.DType != DType.F32) throw new InvalidDataException($"{source}: vector '{name}' is stored as {tensor.DType}; expected F32.");
        return tensor;
    }

    public Norm Norm(string name, int size) => new(backend.Load(Host(name + ".weight", size)),
        config.NormKind == NormKind.Layer ? backend.Load(Host(name + ".bias", size)) : null, config.NormEpsilon);

    public Linear Linear(string name, Biases place, int outSize, int inSize) =>
        new(backend.LoadMatMulWeight(Host(name + ".weight", outSize, inSize)), Bias(name, place, outSize));

    public Linear Experts(string name, int count, int outSize, int inSize) => new(backend.LoadMatMulWeight(Host(name + ".weight", count, outSize, inSize)));

    public Tensor? Bias(string name, Biases place, int size) => config.HasBias(place) ? backend.Load(Host(name + ".bias", size)) : null;

    /// <summary>Several matrices that lie in one tensor, one below the other; empty if there is no tensor of the name.</summary>
    public Linear[] Split(string name, Biases place, int inSize, params ReadOnlySpan<int> outSizes)
    {
        if (!Has(name + ".weight")) return [];
        long sum = 0;
        foreach (int size in outSizes) sum += size;
        if (sum > int.MaxValue) throw new InvalidDataException($"{source}: tensor '{name}.weight' should have {sum} rows; expected at most {int.MaxValue}.");
        int all = (int)sum;
        Tensor weight = Host(name + ".weight", all, inSize);
        Tensor? bias = config.HasBias(place) ? Host(name + ".bias", all) : null;
        Linear[] parts = new Linear[outSizes.Length];
        for (int i = 0, start = 0; i < parts.Length; start += outSizes[i], i++)
            parts[i] = new Linear(backend.LoadMatMulWeight(weight.Slice(start, outSizes[i])), bias is null ? null : backend.Load(bias.Slice(start, outSizes[i])));
        return parts;
    }

    /// <summary>The divisors of RoPE's frequencies, [R/2]; empty where they are not required and there are none.</summary>
    public ReadOnlySpan<float> Divisors(string name, bool isRequired)
    {
        if (!isRequired && !Has(name)) return [];
        ReadOnlySpan<float> divisors = Host(name, config.RotatedSize / 2).Floats;
        foreach (float divisor in divisors)
            if (!(divisor > 0 && float.IsFinite(divisor))) throw new InvalidDataException($"{source}: tensor '{name}' holds {divisor}; expected divisors above 0.");
        return divisors;
    }

    public Tensor Load(float[] values) => backend.Load(Tensor.FromFloats(values, values.Length));
}
