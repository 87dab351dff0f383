using System.Runtime.CompilerServices;

namespace LlmFromScratch.Tests.Course;

/// <summary>Checks that run in tests are nobody's progress.</summary>
internal static class ProgressOff
{
    [ModuleInitializer]
    internal static void Initialize() => Environment.SetEnvironmentVariable("LLMFS_PROGRESS", "off");
}
