namespace LlmFromScratch.Models;

/// <summary>What stands between the two matrices of a feed-forward network (Shazeer 2020).</summary>
public enum FeedForwardKind
{
    /// <summary><c>silu(gate) · up</c>: llama, qwen, phi3.</summary>
    SwiGlu,

    /// <summary><c>gelu(gate) · up</c>: gemma.</summary>
    GeGlu,

    /// <summary><c>gelu(up)</c>, no gate: GPT-2.</summary>
    Gelu,
}
