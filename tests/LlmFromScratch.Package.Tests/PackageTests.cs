using System.IO.Compression;
using System.Xml.Linq;

namespace LlmFromScratch.Package.Tests;

/// <summary>The packages as their users get them: what is inside, and that they work where nothing of this repository is.</summary>
public class PackageTests(Packages packages) : IClassFixture<Packages>
{
    [Fact]
    public void Library_HasAssemblyDocumentationReadmeLicenceModelAndNoDependencies()
    {
        using ZipArchive package = ZipFile.OpenRead(packages.File("LlmFromScratch.*.nupkg"));
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        foreach (string name in (string[])["lib/net10.0/LlmFromScratch.dll", "lib/net10.0/LlmFromScratch.xml", "README.md", "models/tales-chat-dpo.gguf"])
            Assert.Contains(name, names);
        XElement metadata = Metadata(package, "LlmFromScratch.nuspec");
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.Matches(@"^\d+\.\d+\.\d+", Value(metadata, "version"));
        Assert.NotEmpty(Value(metadata, "description"));
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
    }

    [Fact]
    public void Library_Symbols_AreAPackageOfTheirOwn()
    {
        using ZipArchive package = ZipFile.OpenRead(packages.File("LlmFromScratch.*.snupkg"));
        Assert.Contains(package.Entries, entry => entry.FullName == "lib/net10.0/LlmFromScratch.pdb");
    }

    [Fact]
    public void Consumer_KnowingOnlyTheFeed_BuildsAndTellsAStory() =>
        Assert.Matches(@"^\W*\w.{100,}", Repository.Run("dotnet", "run", "--project", "tests/PackageConsumer").ReplaceLineEndings(" "));

    [Fact]
    public void Tool_Installed_TellsTheSameStoryAsTheLibrary()
    {
        string tools = Repository.PathOf("artifacts", "package", "tools");
        if (Directory.Exists(tools)) Directory.Delete(tools, recursive: true);
        Repository.Run("dotnet", "tool", "install", "llmfs", "--tool-path", tools, "--source", packages.Folder);
        string told = Repository.Run(Path.Combine(tools, "llmfs"), "generate", "Once upon a time", "--max-tokens", "60", "--activations", "f32"); // the command rounds activations to q8 without it
        Assert.StartsWith("Once upon a time", told);
        Assert.Equal(told.Trim()["Once upon a time".Length..], Repository.Run("dotnet", "run", "--project", "tests/PackageConsumer").TrimEnd());
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("src/LlmFromScratch/README.md")]
    public void Readme_Sample_IsTheConsumersProgram(string readme)
    {
        string text = File.ReadAllText(Repository.PathOf(readme)).ReplaceLineEndings("\n");
        int start = text.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        string sample = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Equal(File.ReadAllText(Repository.PathOf("tests", "PackageConsumer", "Program.cs")).ReplaceLineEndings("\n"), sample);
    }

    private static XElement Metadata(ZipArchive package, string nuspec)
    {
        using Stream stream = Assert.Single(package.Entries, entry => entry.FullName == nuspec).Open();
        return XElement.Load(stream);
    }

    private static string Value(XElement metadata, string name) => metadata.Descendants().Single(element => element.Name.LocalName == name).Value;
}
