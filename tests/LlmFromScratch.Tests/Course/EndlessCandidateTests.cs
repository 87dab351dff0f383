using System.Globalization;
using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Notebooks.Execution;
using LlmFromScratch.Tests.Notebooks;

namespace LlmFromScratch.Tests.Course;

/// <summary>Candidates that never answer: compiled by our notebooks, where they are stopped, and by anybody else, where they are left behind.</summary>
[Collection(NotebookCollection.Name)]
public class EndlessCandidateTests
{
    private static readonly CheckLimits Short = CheckLimits.Default with { Stop = TimeSpan.FromMilliseconds(300) };

    [Theory]
    [InlineData("for (int i = 0; values.Length == 2; i++) values[0] = i;")]
    [InlineData("while (values.Length == 2) values.Select(value => value * 2.0).Where(value => value > 3).Sum();")]
    [InlineData("object[] all = [1, \"a\", 2.0, new List<int>()]; int i = 0; while (values.Length == 2) all[i++ & 3].ToString();")]
    [InlineData("var word = new System.Text.RegularExpressions.Regex(\"(a+)+b\"); while (values.Length == 2) word.IsMatch(\"aaaaaaaaaaac\");")]
    [InlineData("while (values.Length == 2) { try { throw new Exception(); } catch { } }")]
    [InlineData("again: if (values.Length == 2) goto again;")]
    [InlineData("if (values.Length == 2) Enumerable.Repeat(1, int.MaxValue).Count(n => n < 0);")]
    [InlineData("while (values.Length == 2) Thread.Sleep(0);")]
    public async Task Check_EndlessCandidateOfACell_IsStopped(string endless)
    {
        CheckResult result = new DoubleExercise().Check(await CompileAsync(endless), Short);
        Assert.Equal("stopped: the case “3 and 5” had no answer after 0.3 s. Is there a loop that never ends?", result.Finding);
        Assert.Equal("Double(values: [3, 5])", result.FailingCall);
        Assert.Empty(result.Remarks);
    }

    [Theory]
    [InlineData("var kept = new List<byte[]>(); while (values.Length == 2) kept.Add(new byte[1 << 16]);")]
    [InlineData("var kept = new List<byte[]>(); while (values.Length == 2) kept.AddRange(Enumerable.Range(0, 9).Select(_ => new byte[1 << 13]));")]
    public async Task Check_CandidateOfACellThatFillsTheMemory_IsStoppedLongBeforeTheTime(string endless)
    {
        var limits = new CheckLimits(Slow: TimeSpan.FromMinutes(1), Stop: TimeSpan.FromMinutes(2), MostBytes: 1 << 28);
        CheckResult result = new DoubleExercise().Check(await CompileAsync(endless), limits);
        Assert.Equal("stopped: the case “3 and 5” had no answer and 0.25 GiB of memory were in use. Is there a loop that never ends?", result.Finding);
        Assert.Empty(result.Remarks);
    }

    [Fact]
    public async Task Check_RecursionWithoutEnd_IsAVerdict()
    {
        CheckResult result = new DoubleExercise().Check(await CompileAsync("float[] Again(float[] all) => all.Length == 2 ? Again(all) : all; Again(values);"), CheckLimits.Default);
        Assert.StartsWith("case “3 and 5”: ended in InsufficientExecutionStackException", result.Finding);
    }

    [Fact]
    public void Check_EndlessCandidateOfAnotherHost_IsLeftBehindAndSaidSo()
    {
        using var over = new CancellationTokenSource();
        CancellationToken stop = over.Token; // the test's own: the check cannot end this loop
        CheckResult result = new DoubleExercise().Check((Func<float[], float[]>)(values =>
        {
            while (values.Length == 2 && !stop.IsCancellationRequested) values.Select(value => value * 2.0).Sum();
            return [2 * values[0]];
        }), Short);
        Assert.StartsWith("stopped: the case “3 and 5” had no answer", result.Finding);
        Assert.StartsWith("It could not be stopped and runs on", Assert.Single(result.Remarks));
        over.Cancel();
    }

    [Fact]
    public void Check_CandidateOfAnotherHostThatFillsTheMemory_IsAborted()
    {
        var kept = new List<byte[]>();
        CheckResult result = new DoubleExercise().Check((Func<float[], float[]>)(values =>
        {
            while (values.Length == 2) kept.Add(new byte[1 << 16]);
            return [2 * values[0]];
        }), new CheckLimits(Slow: TimeSpan.FromMinutes(1), Stop: TimeSpan.FromMinutes(2), MostBytes: 1 << 28));
        Assert.Equal("stopped: the case “3 and 5” had no answer and 0.25 GiB of memory were in use. Is there a loop that never ends?", result.Finding);
    }

    // As a notebook compiles it: what comes back is the delegate of the cell.
    private static async Task<Func<float[], float[]>> CompileAsync(string endless)
    {
        using var session = new NotebookSession(AppContext.BaseDirectory, TimeSpan.FromMinutes(1));
        string name = $"{nameof(EndlessCandidateTests)}.{Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)}";
        CellResult result = await session.RunAsync($$"""
            using System.Threading;
            float[] Double(float[] values) { {{endless}} return values.Select(value => value * 2).ToArray(); }
            AppContext.SetData("{{name}}", (Func<float[], float[]>)Double);
            """, "csharp", 1, 1, CancellationToken.None);
        Assert.Null(result.Error);
        return (Func<float[], float[]>)AppContext.GetData(name)!; // the cell has set it
    }
}
