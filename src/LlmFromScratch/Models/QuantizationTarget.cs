using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>
/// What <c>quantize</c> can make of a model: which type each of its tensors gets. Norms, biases and expert routers stay as they are; the output head,
/// where errors go straight into the logits, gets more bits, and the mixes give more to some layers too. The choices are those of llama-quantize.
/// </summary>
/// <param name="Name">As the command takes it, for example "Q4_K_M".</param>
/// <param name="Type">The type of most matrices.</param>
/// <param name="FileType">The number that stands for it in general.file_type.</param>
/// <param name="IsMix">Whether some layers' attn_v and ffn_down get 6 bits.</param>
public sealed record QuantizationTarget(string Name, DType Type, uint FileType, bool IsMix = false)
{
    /// <summary>All targets.</summary>
    public static IReadOnlyList<QuantizationTarget> All { get; } =
    [
        new("F16", DType.F16, 1), new("BF16", DType.BF16, 32), new("Q8_0", DType.Q8_0, 7),
        new("Q4_0", DType.Q4_0, 2), new("Q4_1", DType.Q4_1, 3), new("Q5_0", DType.Q5_0, 8), new("Q5_1", DType.Q5_1, 9),
        new("Q4_K", DType.Q4_K, 14), new("Q5_K", DType.Q5_K, 16), new("Q6_K", DType.Q6_K, 18),
        new("Q4_K_M", DType.Q4_K, 15, IsMix: true), new("Q5_K_M", DType.Q5_K, 17, IsMix: true),
    ];

    /// <summary>The target of a name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists them.</exception>
    public static QuantizationTarget Find(string name) =>
        All.FirstOrDefault(target => target.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new ArgumentException(
            $"Quantization: there is no type '{name}'; expected one of {string.Join(", ", All.Select(target => target.Name))}.", nameof(name));

    /// <summary>The type that a tensor gets, or null if it stays as it is.</summary>
    /// <param name="name">The tensor's name in the file.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="model">What matters about the model as a whole.</param>
    internal DType? TypeOf(string name, Shape shape, QuantizedModel model)
    {
        bool isMatrix = shape.Rank >= 2 && name.EndsWith(".weight", StringComparison.Ordinal) && !name.EndsWith("_norm.weight", StringComparison.Ordinal)
            && !name.Contains("ffn_gate_inp") && !name.StartsWith("position_embd", StringComparison.Ordinal);
        if (!isMatrix) return null;
        return Type.BlockSize() == 1 ? Type : Fitting(Wanted(name, shape, model), shape.RowLength);
    }

    private DType Wanted(string name, Shape shape, QuantizedModel model)
    {
        if (name == "output.weight" || (model.TiedHead && name == "token_embd.weight"))
            return Type == DType.Q8_0 || shape.RowLength % Type.BlockSize() != 0 ? DType.Q8_0 : DType.Q6_K;
        bool isValue = name.Contains("attn_v.") || name.Contains("attn_qkv.");
        if (model.ExpertCount == 8 && (isValue || name.Contains("attn_k."))) return DType.Q8_0; // small beside eight experts
        if (model.ExpertCount == 8 && Type == DType.Q4_K && name.Contains("attn_output.")) return DType.Q5_K;
        return IsMix && (isValue || name.Contains("ffn_down")) && GetsMoreBits(LayerOf(name), model.LayerCount) ? DType.Q6_K : Type;
    }

    // The first and the last eighth of the layers, and every third between.
    private static bool GetsMoreBits(int layer, int layers) => layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;

    private static int LayerOf(string name) => name.Split('.') is ["blk", var layer, ..] && int.TryParse(layer, out int index) ? index : 0;

    // Rows that are no whole blocks of 256 take a format of 32 with about as many bits; rows that are no whole blocks of 32 are halves.
    private static DType Fitting(DType type, int rowLength)
    {
        if (rowLength % type.BlockSize() == 0) return type;
        DType smaller = type switch { DType.Q4_K => DType.Q5_0, DType.Q5_K => DType.Q5_1, DType.Q6_K => DType.Q8_0, _ => type };
        return rowLength % smaller.BlockSize() == 0 ? smaller : DType.F16;
    }
}
