namespace LlmFromScratch.Tests;

/// <summary>A test over shared data: skipped, with the reason, where the data is missing and nobody asked for it.</summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = TestData.SkipReason;
}
