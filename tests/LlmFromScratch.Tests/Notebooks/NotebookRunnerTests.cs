using LlmFromScratch.Notebooks;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Tests.Notebooks;

[Collection(NotebookCollection.Name)]
public sealed class NotebookRunnerTests
{
    [Fact]
    public async Task Write_SecondRun_ChangesNoByteAndCheckAgrees()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Markdown("# A").Code("int x = 2; Console.WriteLine(x);").Code("x + 1")
            .Code("Environment.TickCount64", null, "volatile").Code("throw new Exception(\"meant\");", null, "raises-exception").Code("x").Save();
        Assert.True((await notebook.RunAsync(options => options with { Write = true })).Summary.Succeeded);
        byte[] first = File.ReadAllBytes(notebook.FilePath);
        Assert.Equal(["2\n"], notebook.Load().Cells[1].Outputs[0]!["text"]!.AsArray().Select(line => (string?)line));

        (NotebookSummary summary, string log) = await notebook.RunAsync(options => options with { Write = true });
        Assert.Equal(first, File.ReadAllBytes(notebook.FilePath));
        Assert.Contains("no byte changed", log);
        Assert.Equal((5, 0), (summary.CellsRun, summary.CellsSkipped));
        Assert.True((await notebook.RunAsync(options => options with { Check = true })).Summary.Succeeded);
    }

    [Fact]
    public async Task Check_ChangedOutput_ShowsCellLineExpectedAndGot()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("Console.WriteLine(\"a\"); Console.WriteLine(\"b\");").Save();
        await notebook.RunAsync(options => options with { Write = true });
        File.WriteAllText(notebook.FilePath, File.ReadAllText(notebook.FilePath).Replace("\"b\\n\"\n", "\"c\\n\"\n"));
        (NotebookSummary summary, string log) = await notebook.RunAsync(options => options with { Check = true });
        Assert.StartsWith("cell 1: output 1, stream, line 2:\n      expected: c\n      got:      b\n", Assert.Single(summary.Failures));
        Assert.Contains("expected: c", log);
    }

    [Fact]
    public async Task Run_ErrorInACell_SkipsTheRestAndWritesNothing()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("1").Code("int.Parse(\"x\")").Code("3").Save();
        string before = File.ReadAllText(notebook.FilePath);
        (NotebookSummary summary, _) = await notebook.RunAsync(options => options with { Write = true });
        Assert.Equal((2, 1), (summary.CellsRun, summary.CellsSkipped));
        Assert.StartsWith("cell 2: ended in an error, so the cells after it did not run:\n      System.FormatException", Assert.Single(summary.Failures));
        Assert.Equal(before, File.ReadAllText(notebook.FilePath));
    }

    [Fact]
    public async Task Run_NeedsFeedCell_RunsOnlyWithTheFullFeed()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("Console.Write(\"feed\");", null, "needs-feed").Code("2").Save();
        Assert.Equal(1, (await notebook.RunAsync(options => options with { IsFullFeed = true, Write = true })).Summary.CellsSkipped + 1);
        (NotebookSummary summary, _) = await notebook.RunAsync(options => options with { Write = true });
        Assert.Equal((1, 1), (summary.CellsRun, summary.CellsSkipped));
        Assert.Single(notebook.Load().Cells[0].Outputs); // what the full feed's run stored
    }

    [Fact]
    public async Task Run_TimeoutInOneNotebook_LeavesTheNextToRun()
    {
        using TemporaryNotebook endless = new TemporaryNotebook().Code("while (true) { }").Code("1").Save();
        using TemporaryNotebook healthy = new TemporaryNotebook().Code("1").Save();
        var options = new NotebookRunOptions { Files = [endless.FilePath, healthy.FilePath], CellTimeout = TimeSpan.FromSeconds(2) };
        NotebookRunSummary summary = await NotebookRunner.RunAsync(options, TextWriter.Null, CancellationToken.None);
        Assert.Equal([false, true], summary.Notebooks.Select(notebook => notebook.Succeeded));
    }

    [Theory]
    [InlineData("\"○ 6.3: not done yet\"", null, true)]
    [InlineData("\"✓ 6.3: passed\"", null, true)]
    [InlineData("\"✗ 6.3: wrong at 0\"", null, false)]
    [InlineData("\"✗ 6.3: wrong at 0\"", "expect-fail", true)]
    [InlineData("\"✓ 6.3: passed\"", "expect-fail", false)]
    public async Task Run_CheckVerdict_DecidesAPlainRun(string cell, string? tag, bool succeeds)
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code(cell, null, tag is null ? [] : [tag]).Save();
        Assert.Equal(succeeds, (await notebook.RunAsync()).Summary.Succeeded);
    }

    [Fact]
    public async Task Write_CheckThatFails_ShowsOnTheConsoleWhatIsNotStored()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("Console.WriteLine(\"step 1\\nstep 2\");\n\"✗ 6.3: wrong at 0\\n  Likely cause: the scale.\"").Save();
        (NotebookSummary summary, string log) = await notebook.RunAsync(options => options with { Write = true });
        Assert.Equal("cell 1: a check did not pass: ✗ 6.3: wrong at 0\n        Likely cause: the scale.\n      The cell printed:\n      step 1\n      step 2", Assert.Single(summary.Failures));
        Assert.Contains("Likely cause: the scale.", log);
        Assert.Contains("not written", log);
    }

    [Fact]
    public async Task Run_CellThatPrintsMuchAndFails_ShowsTheEndOfIt()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("for (int i = 1; i <= 100; i++) Console.WriteLine(i); throw new Exception(\"late\");").Save();
        string failure = Assert.Single((await notebook.RunAsync()).Summary.Failures);
        Assert.Contains("\n      The cell printed:\n      … 70 lines before\n      71\n", failure);
        Assert.EndsWith("\n      100", failure);
    }

    [Fact]
    public async Task Run_EachCell_SaysWhatItAllocatedAndStoresNothingOfIt()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("new byte[50_000_000].Length").Save();
        (NotebookSummary summary, string log) = await notebook.RunAsync(options => options with { Write = true });
        Assert.InRange(summary.AllocatedBytes, 50_000_000, 500_000_000); // the array, and the compiler's own needs
        Assert.InRange(summary.PeakWorkingSetBytes, 20_000_000, long.MaxValue);
        Assert.Matches(@"cell   1  ok     +[0-9.]+ s +[0-9,.]+ MB\n", log);
        Assert.Matches(@"passed: 1 cells run, 0 skipped, 0 failures, [0-9.]+ s, [0-9,.]+ MB allocated, peak working set [0-9,.]+ MB\n", log);
        Assert.DoesNotContain("MB", File.ReadAllText(notebook.FilePath));
    }

    [Theory]
    [InlineData("#region 1.1\n\"✓ 1.1\"\n#endregion", null)]
    [InlineData("class Any\n{\n    #region 1.1\n    \"✓ 1.1\"\n    #endregion\n}", null)]
    [InlineData("#region 1.1\n\"○ 1.1\"\n#endregion", "cell 1: with its solution a check must pass, got: ○ 1.1")]
    [InlineData("#region 1.1\n\"✗ 1.1\"\n#endregion", "cell 1: a check did not pass: ✗ 1.1")]
    [InlineData("#region 1.1\nint x = 1;\n#endregion", "cell 1: exercise 1.1: expected a check that says ✓, got no check's output.")]
    [InlineData("#region 1.1\n\"✓ 1.1\"\n#endregion\n#region 1.2\n\"✓ 1.2\"\n#endregion",
        "solutions: #region 1.2 belongs to no cell; expected a code cell with \"exercise\": \"1.2\" in its metadata.")]
    public async Task Solutions_Region_TakesThePlaceOfTheCell(string solutions, string? failure)
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("\"○ 1.1\"", exercise: "1.1").Save().Solutions(solutions);
        string before = File.ReadAllText(notebook.FilePath);
        (NotebookSummary summary, _) = await notebook.RunAsync(options => options with { UseSolutions = true });
        Assert.Equal(failure is null ? [] : [failure], summary.Failures);
        Assert.Equal(before, File.ReadAllText(notebook.FilePath));
    }

    [Theory]
    [InlineData(false, "kept elsewhere")]
    [InlineData(true, "off")]
    public async Task Solutions_TheirChecks_AreNobodysProgress(bool useSolutions, string expected)
    {
        string? former = Environment.GetEnvironmentVariable("LLMFS_PROGRESS");
        Environment.SetEnvironmentVariable("LLMFS_PROGRESS", "kept elsewhere"); // safe: nothing runs beside this collection
        using TemporaryNotebook notebook = new TemporaryNotebook().Code($"if (Environment.GetEnvironmentVariable(\"LLMFS_PROGRESS\") != \"{expected}\") throw new Exception();").Save();
        (NotebookSummary summary, string log) = await notebook.RunAsync(options => options with { UseSolutions = useSolutions });
        Environment.SetEnvironmentVariable("LLMFS_PROGRESS", former);
        Assert.True(summary.Succeeded, log);
    }

    [Fact]
    public async Task Solutions_ExerciseWithoutRegion_Fails()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("\"✓ 1.1\"", exercise: "1.1").Save().Solutions("// none\n");
        Assert.Equal("cell 1: exercise 1.1: expected #region 1.1 in solutions/01-small.cs, got none.",
            Assert.Single((await notebook.RunAsync(options => options with { UseSolutions = true })).Summary.Failures));
    }

    [Theory]
    [InlineData("#region 1.1\n1\n#region 1.2\n#endregion", "line 3: expected #endregion for exercise 1.1 (line 1), got another #region.")]
    [InlineData("#region 1.1\n#endregion\n#region 1.1\n#endregion", "line 3: expected one region for each exercise, got a second one for 1.1.")]
    [InlineData("#region\n#endregion", "line 1: expected #region with the number of an exercise, got none.")]
    [InlineData("\n#region 1.1\n1", "line 2: expected #endregion for exercise 1.1, got the end of the file.")]
    public async Task Solutions_MalformedRegions_NameTheLine(string solutions, string expected)
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("1", exercise: "1.1").Save().Solutions(solutions);
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => notebook.RunAsync(options => options with { UseSolutions = true }));
        Assert.Equal("solutions/01-small.cs, " + expected, refused.Message);
    }

    [Fact]
    public async Task Run_OptionsThatExcludeEachOther_Throw()
    {
        using TemporaryNotebook notebook = new TemporaryNotebook().Code("1").Save();
        await Assert.ThrowsAsync<ArgumentException>(() => notebook.RunAsync(options => options with { Write = true, Check = true }));
        await Assert.ThrowsAsync<ArgumentException>(() => notebook.RunAsync(options => options with { UseSolutions = true, Check = true }));
    }
}
