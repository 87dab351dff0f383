using System.Runtime.CompilerServices;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests;

/// <summary>A theory over shared data: skipped where the data is missing and nobody asked for it.</summary>
public sealed class SharedDataTheoryAttribute([CallerMemberName] string? name = null) : ConditionalTheoryAttribute(TestData.SkipReason, name);
