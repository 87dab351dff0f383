namespace LlmFromScratch.Tests.Conditions;

/// <summary>A test that needs something which not every machine has: where it is missing, the run shows a skip whose name ends in the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ConditionalFactAttribute : FactAttribute
{
    /// <param name="skipReason">What is missing, or null when the test can run.</param>
    /// <param name="name">The test method's name.</param>
    protected ConditionalFactAttribute(string? skipReason, string? name)
    {
        if (skipReason is null) return;
        (Skip, DisplayName) = (skipReason, $"{name} (skipped: {skipReason})"); // the console shows names, and reasons only when asked to be wordy
    }
}
