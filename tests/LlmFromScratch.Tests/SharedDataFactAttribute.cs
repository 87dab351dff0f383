using System.Runtime.CompilerServices;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests;

/// <summary>A test over shared data: skipped where the data is missing and nobody asked for it.</summary>
public sealed class SharedDataFactAttribute([CallerMemberName] string? name = null) : ConditionalFactAttribute(TestData.SkipReason, name);
