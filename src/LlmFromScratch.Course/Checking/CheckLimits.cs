namespace LlmFromScratch.Course.Checking;

/// <summary>How long a candidate may take over all cases.</summary>
/// <param name="Slow">From here on a right answer gets a remark.</param>
/// <param name="Stop">Here a candidate is stopped.</param>
internal sealed record CheckLimits(TimeSpan Slow, TimeSpan Stop)
{
    /// <summary>Generous: every solution needs milliseconds, and a laptop may be busy.</summary>
    public static readonly CheckLimits Default = new(Slow: TimeSpan.FromSeconds(5), Stop: TimeSpan.FromSeconds(20));
}
