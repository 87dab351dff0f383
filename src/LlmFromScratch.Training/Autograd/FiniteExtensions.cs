namespace LlmFromScratch.Training.Autograd;

/// <summary>Looks for NaN and infinity.</summary>
internal static class FiniteExtensions
{
    /// <summary>Whether every value is a finite number.</summary>
    public static bool IsFinite(this Span<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value)) return false;
        return true;
    }
}
