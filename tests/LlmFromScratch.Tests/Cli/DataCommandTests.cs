using System.Text.Json;
using LlmFromScratch.Tests.Training.Data.Fetching;
using LlmFromScratch.Tests.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Cli;

public sealed class DataCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.5KB", 1500)]
    [InlineData("2000", 2000)]
    [InlineData("0.000002GB", 2000)]
    public void Make_Size_IsReached(string size, long bytes)
    {
        string file = _folder.PathOf("recall.txt");
        Assert.Equal(0, CommandLine.Run("data", "make", "recall", "--size", size, "-o", file).ExitCode);
        Assert.InRange(new FileInfo(file).Length, bytes, bytes + 1000); // the last document is whole
    }

    [Theory]
    [InlineData("tales-base", "--split", "HeldOutPlots", "tales-base has no held-out part of that name")]
    [InlineData("tiny-tales", "--split", "foo", "expected Training or HeldOutPlots")]
    [InlineData("tiny-tales", "--size", "11GB", "expected a number of bytes up to 10 GB")]
    [InlineData("tiny-tales", "--size", "0.1", "expected a number of bytes up to 10 GB")]
    public void Make_WhatCannotBe_IsRefused(string name, string option, string value, string expected)
    {
        CommandLine.Result result = CommandLine.Run("data", "make", name, option, value, "-o", _folder.PathOf("x.txt"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void Clean_TalesAndNoise_WritesCorpusManifestAndReport()
    {
        string tales = Path.Combine(TestData.SolutionFolder, "data", "early-tales-sample.txt"), noise = _folder.With("noise.jsonl", """
            {"text": "Buy now!!! ### ### ###", "licence": "CC0-1.0"}
            {"text": "Nobody said under which licence this stands.", "licence": "unknown"}
            """);
        CommandLine.Result result = CommandLine.Run(
            "data", "clean", tales, noise, "-o", _folder.PathOf("out.jsonl"), "--report", _folder.PathOf("funnel.json"), "--licence", "CC0-1.0");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("| near duplicates |", result.Output);
        using JsonDocument funnel = JsonDocument.Parse(File.ReadAllText(_folder.PathOf("funnel.json")));
        JsonElement[] stages = [.. funnel.RootElement.GetProperty("stages").EnumerateArray()];
        Assert.Equal(1, stages[0].GetProperty("notes").GetProperty("unknown: unknown").GetInt32());
        Assert.Equal(stages[^1].GetProperty("documentsOut").GetInt32(), File.ReadAllLines(_folder.PathOf("out.jsonl")).Length);
        Assert.Equal(["funnel.json", "noise.jsonl", "out.jsonl", "out.jsonl.manifest.json"], _folder.Names);
    }

    [Fact]
    public void Clean_EverythingRefused_SaysWhichStageAndLeavesNothing()
    {
        string input = _folder.With("book.txt", "A text.\n");
        CommandLine.Result result = CommandLine.Run("data", "clean", input, "-o", _folder.PathOf("out.txt"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("stage \"licence\" dropped the last of them (no licence 1); state the licence", result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(["book.txt"], _folder.Names);
    }

    [Fact]
    public void Fetch_FromALocalServer_GoesOnAfterACutAndPinsTheHash()
    {
        using LocalFileServer server = new([.. Enumerable.Range(0, 100_000).Select(i => (byte)i)]);
        server.Cuts.Enqueue(40_000);
        string target = _folder.PathOf("tales.txt");
        CommandLine.Result result = CommandLine.Run("data", "fetch", server.Address.ToString(), "-o", target);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("100,000 bytes", result.Output);
        Assert.Contains("pinned in", result.Output);
        Assert.Equal(["-", "bytes=40000-"], server.Ranges);
        Assert.Equal(server.Content, File.ReadAllBytes(target));
    }

    [Fact]
    public void Fetch_WrongFileUnderAKnownName_IsRefused()
    {
        using LocalFileServer server = new("no Shakespeare"u8.ToArray());
        CommandLine.Result result = CommandLine.Run("data", "fetch", "tinyshakespeare", "--from", server.Address.ToString(), "-o", _folder.PathOf("x.txt"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("expected 1115394 bytes, but the server announces 14", result.Error);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void Fetch_NobodyListens_OneLineAndExitCodeOne()
    {
        CommandLine.Result result = CommandLine.Run("data", "fetch", "tinystories", "--from", FileDownloadTests.ClosedAddress().ToString(), "-o", _folder.PathOf("x.txt"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Is this machine offline?", result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData("tinystories, tinystories-valid, tinyshakespeare or an address", "data", "fetch", "bookcorpus")]
    [InlineData("--weight books", "data", "clean", "x.txt", "-o", "y.txt", "--weight", "books")]
    [InlineData("expected a file name that ends with .txt or .jsonl", "data", "clean", "x.txt", "-o", "y.csv")]
    public void Data_WrongInput_OneLineAndExitCodeTwo(string expected, params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }
}
