using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LlmFromScratch.Tests.Architecture;

/// <summary>The adapters to packages that not every feed serves stay behind FullFeed (docs/adr/0005): reads the project files.</summary>
public partial class FullFeedTests
{
    private const string IsOn = "'$(FullFeed)' == 'true'";
    private const string IsOff = "'$(FullFeed)' != 'true'";

    // An adapter and the package that it is for.
    public static TheoryData<string, string> Adapters => new()
    {
        { "LlmFromScratch.TorchSharp", "TorchSharp-cpu" },
        { "LlmFromScratch.MLTokenizers", "Microsoft.ML.Tokenizers" },
        { "LlmFromScratch.PlotlyNet", "Plotly.NET" },
        { "LlmFromScratch.Interactive", "Microsoft.DotNet.Interactive" },
    };

    private static string[] AdapterNames => [.. Adapters.Select(row => (string)row[0])];

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Adapter_EveryReference_NeedsFullFeed(string name, string package)
    {
        XElement project = Read(ProjectFile(name));
        List<XElement> references = [.. project.Descendants().Where(IsReference)];
        Assert.Contains(references, reference => Named(reference) == package);
        Assert.All(references, reference => Assert.Equal(IsOn, (string?)reference.Parent!.Attribute("Condition"))); // an item stands in a group
    }

    [Theory]
    [InlineData("LlmFromScratch.TorchSharp")]
    [InlineData("LlmFromScratch.MLTokenizers")]
    [InlineData("LlmFromScratch.PlotlyNet")]
    [InlineData("LlmFromScratch.Interactive")]
    public void Adapter_WithoutFullFeed_HasNoSource(string name)
    {
        XElement compiles = Assert.Single(Read(ProjectFile(name)).Descendants("EnableDefaultCompileItems"));
        Assert.Equal((IsOff, "false"), ((string?)compiles.Attribute("Condition"), compiles.Value));
        Assert.Empty(Read(ProjectFile(name)).Descendants("Compile"));
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Adapter_IsInTheSolution_AndItsPackageIsPinned(string name, string package)
    {
        string solution = File.ReadAllText(Path.Combine(TestData.SolutionFolder, "LlmFromScratch.sln"));
        Assert.Contains($@"src\{name}\{name}.csproj", solution);
        XElement pin = Assert.Single(Read("Directory.Packages.props").Descendants("PackageVersion"), version => Named(version) == package);
        Assert.Matches(ExactVersion(), (string?)pin.Attribute("Version"));
    }

    [Fact]
    public void FullFeed_IsSetByNoProject()
    {
        IEnumerable<string> setters = BuildFiles().Where(file => Read(file).Descendants("FullFeed").Any());
        Assert.Empty(setters);
    }

    [Fact]
    public void OtherProjects_WithoutFullFeed_UseNoAdapterAndNoNamedPackage()
    {
        string[] named = [.. Adapters.Select(row => (string)row[1])];
        List<string> offenders = [];
        foreach (string file in BuildFiles().Where(file => !AdapterNames.Contains(Path.GetFileNameWithoutExtension(file))))
            foreach (XElement reference in Read(file).Descendants().Where(IsReference).Where(reference => !IsTestWithFullFeed(file, reference)))
                if (named.Contains(Named(reference)) || AdapterNames.Contains(Path.GetFileNameWithoutExtension(Named(reference))))
                    offenders.Add($"{Path.GetFileName(file)} uses {Named(reference)}");
        Assert.Empty(offenders);
    }

    [Fact]
    public void BuildWithoutFullFeed_SaysSoOnce()
    {
        XElement message = Assert.Single(BuildFiles().SelectMany(file => Read(file).Descendants("Message")),
            message => ((string?)message.Attribute("Text"))?.StartsWith("FullFeed is off", StringComparison.Ordinal) == true);
        Assert.Equal(("high", IsOff), ((string?)message.Attribute("Importance"), (string?)message.Parent!.Attribute("Condition"))); // a task stands in a target
    }

    private static bool IsTestWithFullFeed(string file, XElement reference) =>
        Path.GetFileName(file) == "LlmFromScratch.Tests.csproj" && (string?)reference.Parent!.Attribute("Condition") == IsOn; // an item stands in a group

    private static bool IsReference(XElement element) => element.Name.LocalName is "PackageReference" or "ProjectReference";

    private static string Named(XElement item) => (string?)item.Attribute("Include") ?? "";

    private static XElement Read(string file) => XElement.Load(Path.Combine(TestData.SolutionFolder, file));

    private static string ProjectFile(string name) => Path.Combine(TestData.SolutionFolder, "src", name, name + ".csproj");

    private static IEnumerable<string> BuildFiles()
    {
        string[] folders = ["src", "tests", "benchmarks"];
        return Directory.EnumerateFiles(TestData.SolutionFolder, "Directory.*.*").Concat(
            folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(TestData.SolutionFolder, folder), "*.*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) || Path.GetFileName(file).StartsWith("Directory.", StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$")]
    private static partial Regex ExactVersion();
}
