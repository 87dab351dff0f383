namespace LlmFromScratch.Kernels.Cpu.Attention;

/// <summary>One token row of one query head.</summary>
internal unsafe struct AttentionLine
{
    /// <summary>[D].</summary>
    public float* Query, Output;

    /// <summary>By position: scores, after softmax the weights before division by <see cref="Sum"/>.</summary>
    public float* Scores;

    /// <summary>The row sees positions First to Seen - 1.</summary>
    public int First, Seen;

    public float Sum;
}
