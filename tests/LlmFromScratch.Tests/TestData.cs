namespace LlmFromScratch.Tests;

/// <summary>
/// Where the shared test data lies: the folder in the environment variable LLM_TEST_DATA (a relative path starts at the solution's folder),
/// or ../shared/data beside the solution. A folder that was asked for and is missing is an error; without one, tests skip and say why.
/// </summary>
public static class TestData
{
    private const string Variable = "LLM_TEST_DATA";

    /// <summary>The folder that holds LlmFromScratch.sln.</summary>
    public static string SolutionFolder { get; } = FindSolutionFolder();

    /// <summary>Why tests over shared data are skipped, or null when the data is there or was asked for.</summary>
    public static string? SkipReason =>
        IsStated || Directory.Exists(Folder) ? null : $"Shared test data is not at '{Folder}'; set {Variable} to its folder to run this test.";

    /// <summary>The path of a shared file.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Directory.Exists(Folder)
        ? Path.Combine([Folder, .. parts])
        : throw new DirectoryNotFoundException($"{Variable} is '{Environment.GetEnvironmentVariable(Variable)}', but '{Folder}' does not exist.");

    /// <summary>The shared files of some folders whose names match a pattern, as paths for <see cref="PathOf"/>; none where the data is missing.</summary>
    public static IEnumerable<string> FilesOf(string pattern, params IEnumerable<string> folders) => SkipReason is not null ? [] : folders
        .Where(folder => Directory.Exists(PathOf(folder)))
        .SelectMany(folder => Directory.GetFiles(PathOf(folder), pattern).Order(StringComparer.Ordinal))
        .Select(file => Path.GetRelativePath(Folder, file));

    private static bool IsStated => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    private static string Folder => Path.GetFullPath(
        IsStated ? Environment.GetEnvironmentVariable(Variable)! : Path.Combine("..", "shared", "data"), // not null: it is stated
        SolutionFolder);

    private static string FindSolutionFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LlmFromScratch.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No LlmFromScratch.sln in '{AppContext.BaseDirectory}' or any folder above it.");
    }
}
