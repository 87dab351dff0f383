using System.Runtime.CompilerServices;
using LlmFromScratch.Gpu;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests.Gpu;

/// <summary>A test with rows of data that needs an OpenCL device.</summary>
public sealed class OpenClTheoryAttribute([CallerMemberName] string? name = null) : ConditionalTheoryAttribute(OpenClBackend.IsAvailable(out string reason) ? null : $"OpenCL: {reason}", name);
