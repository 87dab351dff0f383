using System.Diagnostics;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Execution;

namespace LlmFromScratch.Tests.Notebooks;

/// <summary>Cells that never end, of every kind that ended the process when their thread was aborted, and of every other: each is stopped, and the session goes on.</summary>
[Collection(NotebookCollection.Name)]
public sealed class StoppedCellTests : IDisposable
{
    private readonly NotebookSession _session = new(AppContext.BaseDirectory, TimeSpan.FromMinutes(5), isInteractive: true);
    private int _cell;

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("for (long i = 0; ; i++) if (i < 0) break;")]
    [InlineData("object kept; while (true) kept = new byte[100];")]
    [InlineData("var list = new List<float>(); while (true) { list.Add(1); if (list.Count > 100000) list.Clear(); }")]
    [InlineData("while (true) Enumerable.Range(0, 50).Select(x => x * 2.0).Where(x => x > 3).Sum();")]
    [InlineData("Enumerable.Repeat(1, int.MaxValue).SelectMany(x => Enumerable.Repeat(x, int.MaxValue)).Count(x => x < 0)")]
    [InlineData("var names = new Dictionary<int, string>(); for (int i = 0; ; i++) names[i % 5000] = i.ToString();")]
    [InlineData("var a = new byte[1 << 20]; var b = new byte[1 << 20]; while (true) a.AsSpan().CopyTo(b);")]
    [InlineData("int n = 0; while (true) { try { if (++n % 7 == 0) throw new InvalidOperationException(); } catch (InvalidOperationException) { n++; } finally { n++; } }")]
    [InlineData("while (true) { try { while (true) { } } catch { } }")]
    [InlineData("IEnumerable<int> Ones() { try { while (true) yield return 1; } finally { } } foreach (int x in Ones()) if (x == 0) break;")]
    [InlineData("string s = \"\"; while (true) { s += \"x\"; if (s.Length > 5000) s = \"\"; }")]
    [InlineData("double x = 1; while (true) x = Math.Exp(-x) + Math.Log(1 + x);")]
    [InlineData("var word = new System.Text.RegularExpressions.Regex(\"(a+)+b\"); while (true) word.IsMatch(\"aaaaaaaaaaaaac\");")]
    [InlineData("object[] all = [1, \"a\", 2.0, new List<int>()]; int i = 0; while (true) all[i++ & 3].ToString();")]
    [InlineData("object door = new(); int n = 0; while (true) lock (door) n++;")]
    [InlineData("var trim = typeof(string).GetMethod(\"Trim\", Type.EmptyTypes); while (true) trim.Invoke(\" a \", null);")]
    [InlineData("int Deep(int n) { try { return Deep(n + 1); } catch (InsufficientExecutionStackException) { return n; } } while (true) Deep(0);")]
    [InlineData("while (true) await Task.Yield();")]
    [InlineData("await Task.Run(() => { while (true) { } });")]
    [InlineData("System.Threading.Tasks.Parallel.For(0, 2, _ => { while (true) { } });")]
    [InlineData("Task.Delay(-1).Wait();")]
    public async Task Cell_WithoutEnd_IsStoppedAndTheSessionGoesOn(string endless)
    {
        await RunAsync("int kept = 5;");
        using var stop = new CancellationTokenSource();
        long stopped = 0;
        CellResult result = await _session.RunAsync($"Console.WriteLine(\"in\");\n{endless}", "csharp", ++_cell, _cell, stop.Token, Begin);
        Assert.Equal($"Interrupted: cell {_cell} was interrupted; what it changed before stays changed.", result.Error);
        Assert.InRange(Stopwatch.GetElapsedTime(stopped).TotalSeconds, 0, 4);
        Assert.Null((await RunAsync("kept")).Error);

        void Begin(JsonObject output) // called while the cell runs
        {
            stopped = Stopwatch.GetTimestamp();
            stop.CancelAfter(TimeSpan.FromMilliseconds(20));
        }
    }

    [Fact]
    public async Task Cell_RecursionWithoutEnd_IsAnErrorOfTheCell()
    {
        CellResult result = await RunAsync("int Deep(int n) => 1 + Deep(n + 1);\nDeep(0)");
        Assert.StartsWith("System.InsufficientExecutionStackException: ", result.Error);
        Assert.Null((await RunAsync("1")).Error);
    }

    [Fact]
    public async Task Cell_OneCallThatNeverEnds_IsLeftBehindAndTheSessionIsOver()
    {
        string name = $"{nameof(StoppedCellTests)}.over";
        using var over = new ManualResetEventSlim();
        AppContext.SetData(name, (Action)(() => { while (!over.IsSet) { } })); // compiled with the tests: no guard in it
        using var session = new NotebookSession(AppContext.BaseDirectory, TimeSpan.FromMilliseconds(300));
        CellResult result = await session.RunAsync($"((Action)AppContext.GetData(\"{name}\"))();", "csharp", 1, 1, CancellationToken.None);
        over.Set();
        Assert.StartsWith("TimeoutException: cell 1 went past 0.3 s, the time limit for a cell, and cannot be stopped", result.Error);
        Assert.True(result.IsSessionOver);
    }

    private Task<CellResult> RunAsync(string source) => _session.RunAsync(source, "csharp", ++_cell, _cell, CancellationToken.None);
}
