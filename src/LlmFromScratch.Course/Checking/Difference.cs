namespace LlmFromScratch.Course.Checking;

/// <summary>The first place where an answer differs.</summary>
/// <param name="Place">For example "result[2]" or "head 0, position 3, output[1]".</param>
/// <param name="Expected">The right value, written out.</param>
/// <param name="Got">The candidate's value, written out.</param>
/// <param name="Hint">What a value such as NaN points to, or null.</param>
internal sealed record Difference(string Place, string Expected, string Got, string? Hint = null)
{
    /// <summary>For example "result[2]: expected 0.25, got 0.5".</summary>
    public override string ToString() => $"{Place}: expected {Expected}, got {Got}";
}
