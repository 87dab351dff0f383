namespace LlmFromScratch.Course.Checking;

/// <summary>How much a candidate may take over all cases.</summary>
/// <param name="Slow">From here on a right answer gets a remark.</param>
/// <param name="Stop">Here a candidate is stopped.</param>
/// <param name="MostBytes">Here it is stopped too: so many bytes of managed memory more than before.</param>
internal sealed record CheckLimits(TimeSpan Slow, TimeSpan Stop, long MostBytes = 2L << 30)
{
    /// <summary>Generous: every solution needs milliseconds and kilobytes, and a laptop may be busy.</summary>
    public static readonly CheckLimits Default = new(Slow: TimeSpan.FromSeconds(5), Stop: TimeSpan.FromSeconds(20));
}
