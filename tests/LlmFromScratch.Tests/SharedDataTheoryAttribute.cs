namespace LlmFromScratch.Tests;

/// <summary>A theory over shared data: skipped, with the reason, where the data is missing and nobody asked for it.</summary>
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = TestData.SkipReason;
}
