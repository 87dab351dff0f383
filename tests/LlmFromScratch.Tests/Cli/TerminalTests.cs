using System.Diagnostics;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tests.Formats.Gguf;

namespace LlmFromScratch.Tests.Cli;

/// <summary>What commands show on a terminal and only there: tables, progress. What they say to a pipe, the other tests of this folder hold.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-terminal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TerminalFact]
    public void Inspect_TextThatIsMarkupOrControl_IsShownAsItIs()
    {
        using TemporaryFile file = new(GgufFileTests.Bytes(new GgufWriter().Add("general.name", "[red]x[/] [[ \u001b[31my").Add("[bold]key", "[/]")));
        string shown = Run("inspect", file.Path);
        foreach (string expected in (string[])["[red]x[/] [[ \\u001B[31my", "[bold]key", "Key", "Value", "Metadata (2)", "─", "Not a model that llmfs runs"])
            Assert.Contains(expected, shown);
        Assert.DoesNotContain("\u001b[31m", shown);
    }

    [TerminalFact]
    public void Inspect_Model_HasATableForEachSection()
    {
        string shown = Run("inspect", EmbeddedModel.Path, "--ctx", "100");
        foreach (string expected in (string[])["token_embd.weight", "Q8_0", "Storage", "Memory at a context of 100 tokens", "q8_0"]) Assert.Contains(expected, shown);
    }

    [TerminalFact]
    public void Perplexity_ShowsHowFarItIsAndWipesIt()
    {
        string file = Path.Combine(_folder, "text.txt");
        File.WriteAllText(file, string.Concat(Enumerable.Repeat("The little dog ran home. ", 60)));
        string shown = Run("perplexity", "--file", file);
        Assert.Contains("tokens scored", shown);
        Assert.Contains("%", shown);
        Assert.EndsWith("1500 bytes", shown.TrimEnd('\r', '\n').Replace("\u001b[?25h", ""));
    }

    [TerminalFact]
    public void Quantize_EveryTensorHasItsLine()
    {
        using GgufFile source = GgufFile.Open(EmbeddedModel.Path);
        string target = Path.Combine(_folder, "q4.gguf"), shown = Run("quantize", EmbeddedModel.Path, target, "Q4_0");
        Assert.Contains($"[{source.Tensors.Count}/{source.Tensors.Count}]", shown);
        Assert.All(source.Tensors, tensor => Assert.Contains(tensor.Name, shown));
        Assert.True(File.Exists(target));
    }

    private static string Run(params string[] arguments)
    {
        using Process process = CommandLine.Start(arguments, through: ("sh", ["-c", "exec script -qec \"$(printf \"'%s' \" \"$0\" \"$@\")\" /dev/null"]), ("TERM", "xterm-256color"), ("NO_COLOR", ""));
        process.StandardInput.Close();
        string shown = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {shown}");
        return shown;
    }
}
