using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels;

/// <summary>
/// One layer's key/value cache on the device: fixed blocks of B tokens that a block table strings together, so that sequences grow without
/// moving and can share a prefix (Kwon et al. 2023, PagedAttention). Inference's KvCache owns the table; kernels only read and write pages.
/// A row holds all key/value heads of one token, K·D values, so that a quantized block may reach over the border of two heads.
/// </summary>
public sealed record KvPages
{
    /// <summary>The pages of one layer.</summary>
    /// <param name="keys">[N, B, K·D], F32, F16 or Q8_0.</param>
    /// <param name="values">[N, B, K·D] of the same type.</param>
    /// <param name="kvHeadCount">K.</param>
    /// <exception cref="ArgumentException">Shapes or types that do not belong together.</exception>
    public KvPages(Tensor keys, Tensor values, int kvHeadCount)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(kvHeadCount, 1);
        if (keys.Shape.Rank != 3 || values.Shape != keys.Shape || keys.Shape[2] % kvHeadCount != 0) throw new ArgumentException(
            $"KvPages: keys are {keys.Shape} and values {values.Shape}; expected both [blocks, tokens, heads · size] with {kvHeadCount} heads.");
        if (!IsCacheType(keys.DType) || values.DType != keys.DType)
            throw new ArgumentException($"KvPages: keys are {keys.DType} and values {values.DType}; expected both F32, F16 or Q8_0.");
        (Keys, Values, KvHeadCount) = (keys, values, kvHeadCount);
    }

    /// <summary>[N, B, K·D].</summary>
    public Tensor Keys { get; }

    /// <summary>[N, B, K·D].</summary>
    public Tensor Values { get; }

    /// <summary>Key/value heads (K).</summary>
    public int KvHeadCount { get; }

    /// <summary>How keys and values are stored.</summary>
    public DType DType => Keys.DType;

    /// <summary>Blocks (N).</summary>
    public int BlockCount => Keys.Shape[0];

    /// <summary>Tokens a block (B).</summary>
    public int BlockSize => Keys.Shape[1];

    /// <summary>Values a token: K·D.</summary>
    public int RowSize => Keys.Shape[2];

    /// <summary>Values a head (D).</summary>
    public int HeadSize => RowSize / KvHeadCount;

    /// <summary>Whether every backend can keep a cache in this type: F32, F16, Q8_0.</summary>
    public static bool IsCacheType(DType dtype) => dtype is DType.F32 or DType.F16 or DType.Q8_0;
}
