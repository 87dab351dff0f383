namespace LlmFromScratch.Diagnostics;

/// <summary>A place in the forward pass that an observer can look at, in the order of the data's way; shapes of the tensors seen there.</summary>
public enum ForwardPoint
{
    /// <summary>[T, C]: token embeddings.</summary>
    Embedding,

    /// <summary>[T, C]: a block's input after the norm before attention.</summary>
    AttentionNorm,

    /// <summary>[T, H, D]: queries, turned by RoPE.</summary>
    Query,

    /// <summary>[T, K, D]: this call's keys, turned by RoPE.</summary>
    Key,

    /// <summary>[T, K, D]: this call's values.</summary>
    Value,

    /// <summary>[T, H, D]: what the heads gathered, before the output projection.</summary>
    AttentionHeads,

    /// <summary>[T, C]: the residual stream after attention was added.</summary>
    AttentionResidual,

    /// <summary>[T, C]: after the norm before the feed-forward network.</summary>
    FeedForwardNorm,

    /// <summary>[T, F]: the gated hidden values of the feed-forward network.</summary>
    FeedForwardHidden,

    /// <summary>[T, C]: the residual stream after the block.</summary>
    BlockOutput,

    /// <summary>[W, C]: the wanted rows after the last norm.</summary>
    FinalNorm,

    /// <summary>[W, V]: logits.</summary>
    Logits,
}
