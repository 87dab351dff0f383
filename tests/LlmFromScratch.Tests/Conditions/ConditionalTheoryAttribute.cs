namespace LlmFromScratch.Tests.Conditions;

/// <summary>A test with rows of data that needs something which not every machine has; skipped as <see cref="ConditionalFactAttribute"/> is.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ConditionalTheoryAttribute : TheoryAttribute
{
    /// <param name="skipReason">What is missing, or null when the test can run.</param>
    /// <param name="name">The test method's name.</param>
    protected ConditionalTheoryAttribute(string? skipReason, string? name)
    {
        if (skipReason is null) return;
        (Skip, DisplayName) = (skipReason, $"{name} (skipped: {skipReason})");
    }
}
