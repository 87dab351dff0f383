using System.Text.RegularExpressions;

namespace LlmFromScratch.Tests.Architecture;

/// <summary>Data flows one way (docs/adr/0001): reads the using lines of src/ and fails when a folder looks at one that it feeds.</summary>
public partial class ArchitectureTests
{
    // What each folder of the core may use; a folder that is not listed fails, so that new ones get a place on purpose.
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Numerics"] = [],
        ["Tensors"] = ["Numerics"],
        ["Tokenization"] = ["Numerics", "Tensors"],
        ["Sampling"] = ["Numerics", "Tensors"],
        ["Formats"] = ["Numerics", "Tensors"],
        ["Kernels"] = ["Numerics", "Tensors"],
        ["Diagnostics"] = ["Numerics", "Tensors", "Kernels"],
        ["Models"] = ["Numerics", "Tensors", "Kernels", "Formats", "Tokenization", "Diagnostics"],
        ["Inference"] = ["Numerics", "Tensors", "Kernels", "Models", "Tokenization", "Sampling", "Diagnostics"],
    };

    // What each project may use of the others, besides the core.
    private static readonly Dictionary<string, string[]> ProjectsMayUse = new()
    {
        ["Gpu"] = [],
        ["Training"] = [],
        ["Visuals"] = [],
        ["Notebooks"] = [],
        ["Course"] = ["Training", "Visuals"],
        ["Cli"] = ["Training", "Notebooks", "Gpu", "Course"],
        ["TorchSharp"] = [],
        ["MLTokenizers"] = [],
        ["PlotlyNet"] = ["Visuals"],
        ["Interactive"] = ["Course", "Training", "Visuals", "PlotlyNet"],
    };

    [Fact]
    public void Core_EveryUsing_FollowsTheDataFlow()
    {
        List<string> reversed = [];
        string core = Path.Combine(TestData.SolutionFolder, "src", "LlmFromScratch");
        foreach (string file in SourceFiles(core))
        {
            string folder = Path.GetRelativePath(core, file).Split(Path.DirectorySeparatorChar)[0];
            Assert.True(MayUse.ContainsKey(folder), $"src/LlmFromScratch/{folder} has no place in the data flow; give it one in ArchitectureTests.");
            foreach (string used in UsedNames(file))
                if (used != folder && !MayUse[folder].Contains(used)) reversed.Add($"{folder} uses {used}: {Path.GetFileName(file)}");
        }
        Assert.Empty(reversed);
    }

    [Fact]
    public void Projects_EveryUsing_FollowsTheDataFlow()
    {
        List<string> reversed = [];
        foreach (string project in Directory.GetDirectories(Path.Combine(TestData.SolutionFolder, "src")).Where(p => Path.GetFileName(p) != "LlmFromScratch"))
        {
            string name = Path.GetFileName(project)["LlmFromScratch.".Length..];
            Assert.True(ProjectsMayUse.ContainsKey(name), $"src/LlmFromScratch.{name} has no place in the house; give it one in ArchitectureTests.");
            string[] forbidden = ProjectsMayUse.Keys.Except(ProjectsMayUse[name]).Where(other => other != name).ToArray();
            foreach (string file in SourceFiles(project))
                foreach (string used in UsedNames(file).Where(forbidden.Contains)) reversed.Add($"{name} uses {used}: {Path.GetFileName(file)}");
        }
        Assert.Empty(reversed);
    }

    [Fact]
    public void Core_TranscendentalFunctions_AreTheLibrarysOwn()
    {
        string[] files = [.. SourceFiles(Path.Combine(TestData.SolutionFolder, "src", "LlmFromScratch")), .. SourceFiles(Path.Combine(TestData.SolutionFolder, "src", "LlmFromScratch.Training"))];
        IEnumerable<string> offenders = files.Where(file => PlatformMath().IsMatch(WithoutComments(File.ReadAllText(file)))).Select(file => Path.GetFileName(file));
        Assert.Empty(offenders);
    }

    [Fact]
    public void Source_EveryFile_HasAtMostThreeHundredLines()
    {
        IEnumerable<string> tooLong = SourceFiles(Path.Combine(TestData.SolutionFolder, "src")).Concat(SourceFiles(Path.Combine(TestData.SolutionFolder, "tests")))
            .Where(file => File.ReadLines(file).Count() > 300).Select(file => Path.GetFileName(file));
        Assert.Empty(tooLong);
    }

    private static IEnumerable<string> SourceFiles(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);

    private static IEnumerable<string> UsedNames(string file) =>
        OurUsing().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value);

    private static string WithoutComments(string source) => Regex.Replace(source, "//.*", "");

    [GeneratedRegex(@"^using (?:static )?LlmFromScratch\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex OurUsing();

    [GeneratedRegex(@"\b(?:Math|MathF)\.(?:Exp|Log|Log2|Log10|Pow|Sin|Cos|SinCos|Tan|Tanh|Sinh|Cosh|Asin|Acos|Atan|Atan2|Cbrt)\(|Random\.Shared|DateTime\.(?:Now|UtcNow)")]
    private static partial Regex PlatformMath();
}
