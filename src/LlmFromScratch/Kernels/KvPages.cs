using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels;

/// <summary>
/// One layer's key/value cache on the device: fixed blocks of B tokens that a block table strings together, so that sequences grow without
/// moving and can share a prefix (Kwon et al. 2023, PagedAttention). Inference's KvCache owns the table; kernels only read and write pages.
/// </summary>
/// <param name="Keys">[N, B, K, D] F32.</param>
/// <param name="Values">[N, B, K, D] F32.</param>
public sealed record KvPages(Tensor Keys, Tensor Values)
{
    /// <summary>Tokens a block (B).</summary>
    public int BlockSize => Keys.Shape[1];

    /// <summary>Key/value heads (K).</summary>
    public int KvHeadCount => Keys.Shape[2];

    /// <summary>Values a head (D).</summary>
    public int HeadSize => Keys.Shape[3];
}
