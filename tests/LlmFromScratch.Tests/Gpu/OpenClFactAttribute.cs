using LlmFromScratch.Gpu;

namespace LlmFromScratch.Tests.Gpu;

/// <summary>A test that needs an OpenCL device; without one it is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenClFactAttribute : FactAttribute
{
    public OpenClFactAttribute()
    {
        if (!OpenClBackend.IsAvailable(out string reason)) Skip = $"OpenCL: {reason}.";
    }
}
