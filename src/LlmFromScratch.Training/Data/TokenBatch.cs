namespace LlmFromScratch.Training.Data;

/// <summary>
/// B windows of T tokens and, for each token, the one that follows: <c>targets[t] = inputs[t + 1]</c>. Made once, filled every step.
/// </summary>
/// <param name="sequenceCount">B.</param>
/// <param name="tokenCount">T.</param>
public sealed class TokenBatch(int sequenceCount, int tokenCount)
{
    /// <summary>B.</summary>
    public int SequenceCount { get; } = sequenceCount;

    /// <summary>T.</summary>
    public int TokenCount { get; } = tokenCount;

    /// <summary>[B·T].</summary>
    public int[] Inputs { get; } = new int[sequenceCount * tokenCount];

    /// <summary>[B·T].</summary>
    public int[] Targets { get; } = new int[sequenceCount * tokenCount];

    /// <summary>[T + 1]: room for whoever makes a window anew before he fills it in.</summary>
    internal int[] Window { get; } = new int[tokenCount + 1];

    internal void Fill(int sequence, ReadOnlySpan<int> window)
    {
        window[..TokenCount].CopyTo(Inputs.AsSpan(sequence * TokenCount));
        window[1..(TokenCount + 1)].CopyTo(Targets.AsSpan(sequence * TokenCount));
    }
}
