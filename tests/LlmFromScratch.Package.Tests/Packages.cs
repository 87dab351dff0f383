namespace LlmFromScratch.Package.Tests;

/// <summary>Packs the library and the tool once for all tests, into the feed that tests/PackageConsumer/nuget.config names.</summary>
public sealed class Packages
{
    /// <summary>The feed.</summary>
    public string Folder { get; } = Repository.PathOf("artifacts", "package", "release");

    public Packages()
    {
        foreach (string old in (string[])[Folder, Repository.PathOf("artifacts", "package", "consumer")])
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        Repository.Run("dotnet", "pack", "src/LlmFromScratch", "--configuration", "Release", "--nologo");
        Repository.Run("dotnet", "pack", "src/LlmFromScratch.Cli", "--configuration", "Release", "--nologo");
    }

    /// <summary>The one file of the feed that matches a pattern.</summary>
    public string File(string pattern) => Assert.Single(Directory.GetFiles(Folder, pattern));
}
