using System.Runtime.CompilerServices;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests.Formats;

/// <summary>A test on a file of several gigabytes that is a hole, and takes no room on the disk.</summary>
public sealed class SparseFileFactAttribute([CallerMemberName] string? name = null)
    : ConditionalFactAttribute(OperatingSystem.IsWindows() ? "On Windows a file that is made longer takes room on the disk." : null, name);
