namespace LlmFromScratch.Notebooks.Tests;

/// <summary>The course's folder, found from this assembly upwards: <c>notebooks/</c> beside <c>LlmFromScratch.sln</c>.</summary>
internal static class NotebookFolder
{
    /// <summary>The folder's full path.</summary>
    public static string Path { get; } = Find();

    /// <summary>All chapters, in their order.</summary>
    public static IReadOnlyList<string> Files() =>
        Directory.Exists(Path) ? [.. Directory.EnumerateFiles(Path, "*.ipynb").Order(StringComparer.Ordinal)] : [];

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "LlmFromScratch.sln")))
                return System.IO.Path.Combine(folder.FullName, "notebooks");
        }
        throw new DirectoryNotFoundException($"No LlmFromScratch.sln in any folder above {AppContext.BaseDirectory}.");
    }
}
