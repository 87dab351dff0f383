namespace LlmFromScratch.Formats.SafeTensors;

/// <summary>What a safetensors file says about one tensor.</summary>
public sealed class SafeTensorsInfo
{
    internal SafeTensorsInfo(string name, SafeTensorsType type, IReadOnlyList<long> sizes, long offset, long byteLength) =>
        (Name, Type, Sizes, Offset, ByteLength) = (name, type, sizes, offset, byteLength);

    /// <summary>The tensor's name, for example "model.layers.0.self_attn.q_proj.weight".</summary>
    public string Name { get; }

    /// <summary>How the values are stored.</summary>
    public SafeTensorsType Type { get; }

    /// <summary>The sizes, slowest axis first ([out, in] for a weight of PyTorch's Linear); none for a scalar.</summary>
    public IReadOnlyList<long> Sizes { get; }

    /// <summary>Where the values start, in bytes from the start of the file.</summary>
    public long Offset { get; }

    /// <summary>The size of the values in bytes.</summary>
    public long ByteLength { get; }

    /// <summary>The number of values.</summary>
    public long Count => ByteLength / Type.ValueBytes;

    /// <summary>For example "lm_head.weight BF16 [512, 64]".</summary>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Sizes)}]";
}
