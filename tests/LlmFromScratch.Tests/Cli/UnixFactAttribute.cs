using System.Runtime.CompilerServices;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests.Cli;

/// <summary>A test of signals and device files, which only Unix has.</summary>
public sealed class UnixFactAttribute([CallerMemberName] string? name = null)
    : ConditionalFactAttribute(OperatingSystem.IsWindows() ? "Windows has no such signals and device files." : null, name);
