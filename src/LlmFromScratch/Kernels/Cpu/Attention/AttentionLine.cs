namespace LlmFromScratch.Kernels.Cpu.Attention;

/// <summary>One token row of one query head.</summary>
internal unsafe struct AttentionLine
{
    /// <summary>[D].</summary>
    public float* Query, Output;

    /// <summary>[S]: scores, after softmax the weights before division by <see cref="Sum"/>.</summary>
    public float* Scores;

    /// <summary>Positions that the row sees (S).</summary>
    public int Seen;

    public float Sum;
}
