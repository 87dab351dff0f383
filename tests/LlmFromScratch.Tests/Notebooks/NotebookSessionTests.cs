using System.Diagnostics;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Execution;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Tests.Notebooks;

[Collection(NotebookCollection.Name)]
public sealed class NotebookSessionTests : IDisposable
{
    private readonly NotebookSession _session = new(AppContext.BaseDirectory, TimeSpan.FromSeconds(60));
    private int _cell;

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Session_StateAcrossCells_IsSeenBelow()
    {
        await RunAsync("int x = 6; record Pair(int Left, int Right);");
        Assert.Equal("42", await ResultAsync("x * new Pair(1, 7).Right"));
    }

    [Fact]
    public async Task Session_PrintDisplayPrint_KeepsOrder()
    {
        JsonArray outputs = (await RunAsync("""
            Console.Write("a");
            Console.WriteLine('b');
            display(1.5);
            class Speaker { public void Say() => display(HTML("<b>x</b>")); }
            new Speaker().Say();
            Console.WriteLine("c");
            "last"
            """)).Outputs;
        Assert.Equal(["stream", "display_data", "display_data", "stream", "execute_result"], outputs.Select(output => (string?)output!["output_type"]));
        Assert.Equal("ab\n", NotebookJson.FromLines(outputs[0]!["text"]));
        Assert.Equal("1.5", NotebookJson.FromLines(outputs[1]!["data"]!["text/plain"]));
        Assert.Equal("<b>x</b>", NotebookJson.FromLines(outputs[2]!["data"]!["text/html"]));
        Assert.Equal("last", NotebookJson.FromLines(outputs[4]!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task Session_AwaitInCell_GoesOnOnTheSameThread()
    {
        Assert.Equal("True", await ResultAsync("""
            int before = Environment.CurrentManagedThreadId;
            await Task.Delay(1);
            before == Environment.CurrentManagedThreadId
            """));
    }

    [Fact]
    public async Task Session_ExceptionInCell_NamesCellAndLine()
    {
        await RunAsync("int Fail(int x)\n{\n    throw new InvalidOperationException(\"boom\");\n}");
        CellResult result = await RunAsync("int kept = 5;\n\nFail(1);\nint lost = 1;");
        Assert.Equal(
            "System.InvalidOperationException: boom\n   at cell 1, line 3\n      throw new InvalidOperationException(\"boom\");\n   at cell 2, line 3\n      Fail(1);",
            result.Error);
        JsonNode error = Assert.Single(result.Outputs)!;
        Assert.Equal(("error", "System.InvalidOperationException", "boom"), ((string?)error["output_type"], (string?)error["ename"], (string?)error["evalue"]));
        Assert.Equal("5", await ResultAsync("kept"));
    }

    [Fact]
    public async Task Session_ExceptionInLastExpression_NamesItsLine()
    {
        CellResult result = await RunAsync("int[] numbers = [1, 2];\n\nnumbers[5]");
        Assert.Equal("System.IndexOutOfRangeException: Index was outside the bounds of the array.\n   at cell 1, line 3\n      numbers[5]", result.Error);
    }

    [Fact]
    public async Task Session_ThrownCancellation_IsAnErrorOfTheCell()
    {
        CellResult result = await RunAsync("throw new OperationCanceledException(\"by hand\");");
        Assert.StartsWith("System.OperationCanceledException: by hand", result.Error);
        Assert.False(result.IsSessionOver);
    }

    [Fact]
    public async Task Session_CompileError_NamesCellAndLine()
    {
        CellResult result = await RunAsync("#!time\nint x = 1;\nint y = z;");
        Assert.Equal("cell 1, line 3: error CS0103: The name 'z' does not exist in the current context\n      int y = z;", result.Error);
    }

    [Fact]
    public async Task Session_CompilerWarning_IsPrintedBeforeTheCellRuns()
    {
        CellResult result = await RunAsync("int x = 1;\n#warning careful\nConsole.WriteLine(x);");
        Assert.Null(result.Error);
        Assert.Equal([("stderr", "cell 1, line 2: warning CS1030: #warning: 'careful'\n"), ("stdout", "1\n")],
            result.Outputs.Select(output => ((string?)output!["name"], NotebookJson.FromLines(output["text"]))));
    }

    [Fact]
    public async Task Session_LanguageBeyondCSharp13_IsRefused()
    {
        CellResult result = await RunAsync("class C { public int P { get => field; set => field = value; } }"); // `field` came with C# 14
        Assert.NotNull(result.Error);
    }

    // What a cell sees without a using is what .NET Interactive's C# kernel opens (CSharpKernel.cs, 1.0.707101), or a chapter that passes here fails there.
    [Theory]
    [InlineData("new ArrayList().Count", null)] // System.Collections
    [InlineData("new StringBuilder().Append(Enumerable.Repeat(Task.CompletedTask.IsCompleted, new List<int>().Count).Count()).Length", null)]
    [InlineData("using System.IO;\nFile.Exists(\"\")", null)]
    [InlineData("File.Exists(\"\")", "cell 1, line 1: error CS0103: The name 'File' does not exist in the current context\n      File.Exists(\"\")")]
    public async Task Session_NamesWithoutUsing_AreThoseOfDotnetInteractive(string source, string? error) => Assert.Equal(error, (await RunAsync(source)).Error);

    [Fact]
    public async Task Session_RelativeReference_LoadsTheAssemblyOfThisProcessOnce()
    {
        CellResult result = await RunAsync("#r \"./LlmFromScratch.dll\"\nusing LlmFromScratch.Numerics;\ntypeof(SeededRandom)");
        Assert.Null(result.Error);
        Assert.Equal("True", await ResultAsync("System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(typeof(SeededRandom).Assembly) == System.Runtime.Loader.AssemblyLoadContext.Default"));
    }

    [Theory]
    [InlineData("#r \"no/such.dll\"", "cell 1, line 1: #r \"no/such.dll\": there is no such file")]
    [InlineData("\n#r \"nuget:Some.Package\"", "cell 1, line 2: #r \"nuget:Some.Package\": the runner loads assemblies, not packages")]
    [InlineData("1\n#!connect jupyter", "cell 1, line 2: the magic command \"#!connect jupyter\" is not supported")]
    [InlineData("1\n#!share --from csharp x", "cell 1, line 2: \"#!share --from csharp x\" brings a C# value to JavaScript; expected it below #!javascript")]
    [InlineData("#!javascript\n#!share x", "cell 1, line 2: \"#!share x\": expected #!share --from csharp NAME")]
    [InlineData("#!javascript\n#!share --from csharp nowhere\n1", "cell 1, line 2: the C# variable nowhere cannot be shared: no earlier cell or line declares")]
    public async Task Session_UnsupportedLine_IsNamed(string source, string expected) => Assert.Contains(expected, (await RunAsync(source)).Error);

    [Fact]
    public async Task Session_MarkupSegments_BecomeTheirMimeTypes()
    {
        JsonArray outputs = (await RunAsync("#!markdown\n# Title\n#!html\n<i>x</i>\n#!javascript\nlet y;\n#!mermaid\ngraph LR\n#!csharp\nthrow new Exception();")).Outputs;
        Assert.Equal(["# Title", "<i>x</i>", "let y;", "graph LR"], new[] { "text/markdown", "text/html", "application/javascript", "text/vnd.mermaid" }
            .Select((mimeType, i) => NotebookJson.FromLines(outputs[i]!["data"]![mimeType])));
        Assert.Contains("   at cell 1, line 10", outputs[4]!["traceback"]!.AsArray().Select(line => (string?)line));
    }

    [Theory]
    [InlineData("#!share --from csharp points", "points")]
    [InlineData("#!share --from csharp points --as p", "p")]
    [InlineData("#!set --name p --value @csharp:points", "p")]
    public async Task Session_SharedValue_IsDeclaredForJavaScriptAsJson(string magic, string name)
    {
        JsonArray outputs = (await RunAsync($"var points = new[] {{ (X: 1, Text: \"</script>\") }};\n#!javascript\n{magic}\ndraw();")).Outputs;
        Assert.Equal($"globalThis[\"{name}\"] = [{{\"Item1\":1,\"Item2\":\"\\u003C/script\\u003E\"}}];\ndraw();", NotebookJson.FromLines(outputs[0]!["data"]!["application/javascript"]));
    }

    [Fact]
    public async Task Session_UpdatedDisplay_HoldsTheLastValue()
    {
        JsonArray outputs = (await RunAsync("var bar = display(1); Console.Write(\"x\"); bar.Update(2);")).Outputs;
        Assert.Equal(["display_data", "stream"], outputs.Select(output => (string?)output!["output_type"]));
        Assert.Equal("2", NotebookJson.FromLines(outputs[0]!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task Session_InteractiveCancelled_GoesOnWithWhatWasDeclared()
    {
        using var session = new NotebookSession(AppContext.BaseDirectory, TimeSpan.FromMinutes(5), isInteractive: true);
        await session.RunAsync("int kept = 5;", "csharp", 1, 1, CancellationToken.None);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.8));
        CellResult result = await session.RunAsync("while (true) { }", "csharp", 2, 2, cancellation.Token);
        Assert.StartsWith("Interrupted: cell 2 was interrupted", result.Error);
        Assert.Null((await session.RunAsync("kept", "csharp", 3, 3, CancellationToken.None)).Error);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("await Task.Delay(1); while (true) { }")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    public async Task Session_EndlessCell_IsStoppedAtItsTime(string source)
    {
        using var session = new NotebookSession(AppContext.BaseDirectory, TimeSpan.FromSeconds(0.8));
        long start = Stopwatch.GetTimestamp();
        CellResult result = await session.RunAsync(source, "csharp", 1, 1, CancellationToken.None);
        Assert.Equal("TimeoutException: cell 1 was stopped after 0.8 s, the time limit for a cell. Is there an endless loop?", result.Error);
        Assert.True(result.IsSessionOver);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.5, 5); // 5: the time after which a thread counts as unstoppable
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.RunAsync("1", "csharp", 2, 2, CancellationToken.None));
    }

    [Fact]
    public async Task Session_Cancelled_StopsTheCellAndThrows()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.8));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _session.RunAsync("while (true) { }", "csharp", 1, 1, cancellation.Token));
    }

    private Task<CellResult> RunAsync(string source) => _session.RunAsync(source, "csharp", ++_cell, _cell, CancellationToken.None);

    private async Task<string?> ResultAsync(string source)
    {
        CellResult result = await RunAsync(source);
        Assert.Null(result.Error);
        return NotebookJson.FromLines(result.Outputs.Single()!["data"]!["text/plain"]);
    }
}
