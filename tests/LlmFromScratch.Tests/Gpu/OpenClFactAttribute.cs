using System.Runtime.CompilerServices;
using LlmFromScratch.Gpu;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests.Gpu;

/// <summary>A test that needs an OpenCL device.</summary>
public sealed class OpenClFactAttribute([CallerMemberName] string? name = null) : ConditionalFactAttribute(OpenClBackend.IsAvailable(out string reason) ? null : $"OpenCL: {reason}", name);
