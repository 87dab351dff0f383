using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.SafeTensors;

/// <summary>
/// How a tensor of a safetensors file stores its values. All types of whole bytes are listed, so that a file can be inspected; those with a
/// <see cref="DType"/> can be loaded as a <see cref="Tensor"/>, the others as bytes. Source: the safetensors format, enum Dtype.
/// </summary>
/// <param name="Name">The name in the file, for example "BF16".</param>
/// <param name="ValueBytes">Bytes a value.</param>
/// <param name="DType">The engine's type; null where the engine has none.</param>
public sealed record SafeTensorsType(string Name, int ValueBytes, DType? DType = null)
{
    private static readonly SafeTensorsType[] All =
    [
        new("F32", 4, Tensors.DType.F32), new("F16", 2, Tensors.DType.F16), new("BF16", 2, Tensors.DType.BF16), new("I32", 4, Tensors.DType.I32), new("F64", 8),
        new("F8_E4M3", 1), new("F8_E5M2", 1), new("I8", 1), new("I16", 2), new("I64", 8),
        new("U8", 1), new("U16", 2), new("U32", 4), new("U64", 8), new("BOOL", 1),
    ];

    private static readonly Dictionary<string, SafeTensorsType> ByName = All.ToDictionary(type => type.Name);

    /// <summary>The names of all types, for messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(type => type.Name));

    /// <summary>The names of the types that can be loaded as a tensor, for messages.</summary>
    public static string LoadableNames { get; } = string.Join(", ", All.Where(type => type.DType is not null).Select(type => type.Name));

    /// <summary>The type of a name, or null where there is none.</summary>
    public static SafeTensorsType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The type in which a file stores <paramref name="dtype"/>.</summary>
    /// <exception cref="NotSupportedException">A quantized type: safetensors has no blocks.</exception>
    public static SafeTensorsType Of(DType dtype) => All.FirstOrDefault(type => type.DType == dtype) ?? throw new NotSupportedException(
        $"safetensors has no type for {dtype}; supported: {LoadableNames}. Write GGUF, or dequantize first.");

    /// <summary>The name in the file.</summary>
    public override string ToString() => Name;
}
