namespace LlmFromScratch.Tests;

/// <summary>Where the solution stands: found upwards from the test assembly, so that tests need no absolute path.</summary>
internal static class SolutionFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "LlmFromScratch.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No LlmFromScratch.sln above {AppContext.BaseDirectory}; the tests run from inside the repository.");
    }
}
