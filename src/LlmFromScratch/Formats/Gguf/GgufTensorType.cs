using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>
/// How a tensor of a GGUF file stores its values: ggml's number and name, and the size of its blocks. All types are listed, so that a
/// file can be inspected; those with a <see cref="DType"/> can be loaded. Source: ggml.h, enum ggml_type.
/// </summary>
/// <param name="Id">The number in the file.</param>
/// <param name="Name">ggml's name, for example "Q4_K".</param>
/// <param name="BlockSize">Values a block; the last axis is a multiple of it.</param>
/// <param name="BlockBytes">Bytes a block.</param>
/// <param name="DType">The engine's type; null where the engine cannot read it.</param>
public sealed record GgufTensorType(uint Id, string Name, int BlockSize, int BlockBytes, DType? DType = null)
{
    /// <summary>Every type that is known.</summary>
    public static IReadOnlyList<GgufTensorType> All { get; } =
    [
        new(0, "F32", 1, 4, Tensors.DType.F32), new(1, "F16", 1, 2, Tensors.DType.F16), new(8, "Q8_0", 32, 34, Tensors.DType.Q8_0),
        new(26, "I32", 1, 4, Tensors.DType.I32),
        new(2, "Q4_0", 32, 18, Tensors.DType.Q4_0), new(3, "Q4_1", 32, 20, Tensors.DType.Q4_1),
        new(6, "Q5_0", 32, 22, Tensors.DType.Q5_0), new(7, "Q5_1", 32, 24, Tensors.DType.Q5_1), new(9, "Q8_1", 32, 36),
        new(10, "Q2_K", 256, 84, Tensors.DType.Q2_K), new(11, "Q3_K", 256, 110, Tensors.DType.Q3_K), new(12, "Q4_K", 256, 144, Tensors.DType.Q4_K),
        new(13, "Q5_K", 256, 176, Tensors.DType.Q5_K), new(14, "Q6_K", 256, 210, Tensors.DType.Q6_K), new(15, "Q8_K", 256, 292),
        new(16, "IQ2_XXS", 256, 66), new(17, "IQ2_XS", 256, 74), new(18, "IQ3_XXS", 256, 98), new(19, "IQ1_S", 256, 50),
        new(20, "IQ4_NL", 32, 18, Tensors.DType.IQ4_NL), new(21, "IQ3_S", 256, 110), new(22, "IQ2_S", 256, 82),
        new(23, "IQ4_XS", 256, 136, Tensors.DType.IQ4_XS),
        new(29, "IQ1_M", 256, 56), new(34, "TQ1_0", 256, 54), new(35, "TQ2_0", 256, 66), new(39, "MXFP4", 32, 17),
        new(24, "I8", 1, 1), new(25, "I16", 1, 2), new(27, "I64", 1, 8), new(28, "F64", 1, 8), new(30, "BF16", 1, 2, Tensors.DType.BF16),
    ];

    private static readonly Dictionary<uint, GgufTensorType> ById = All.ToDictionary(t => t.Id);

    /// <summary>The names of the types that the engine can load, for messages.</summary>
    public static string LoadableNames { get; } = string.Join(", ", All.Where(t => t.DType is not null).Select(t => t.Name));

    /// <summary>The type with ggml's number <paramref name="id"/>, or null where there is none.</summary>
    public static GgufTensorType? Find(uint id) => ById.GetValueOrDefault(id);

    /// <summary>The type in which a file stores <paramref name="dtype"/>.</summary>
    public static GgufTensorType Of(DType dtype) => All.First(t => t.DType == dtype);

    /// <summary>Bytes of a tensor of this type.</summary>
    /// <exception cref="ArgumentException">The rows are not whole blocks.</exception>
    public long ByteCount(Shape shape) => shape.RowLength % BlockSize == 0 ? shape.Count / BlockSize * BlockBytes : throw new ArgumentException(
        $"GgufTensorType: {Name} stores blocks of {BlockSize} values; expected rows of a multiple of that, got {shape}.", nameof(shape));

    /// <summary>ggml's name.</summary>
    public override string ToString() => Name;
}
