namespace LlmFromScratch.Kernels;

/// <summary>Which two values of a head RoPE rotates together. Checkpoints are trained with one of the two; the other gives nonsense.</summary>
public enum RopePairing
{
    /// <summary>Neighbours (0, 1), (2, 3) ...: the paper and Llama weights in GGUF files.</summary>
    Interleaved,

    /// <summary>Value i with value i + D/2: GPT-NeoX, Qwen and Hugging Face weights.</summary>
    Half,
}
