using LlmFromScratch.Gpu;

namespace LlmFromScratch.Tests.Gpu;

/// <summary>A test with rows of data that needs an OpenCL device; without one it is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenClTheoryAttribute : TheoryAttribute
{
    public OpenClTheoryAttribute()
    {
        if (!OpenClBackend.IsAvailable(out string reason)) Skip = $"OpenCL: {reason}.";
    }
}
