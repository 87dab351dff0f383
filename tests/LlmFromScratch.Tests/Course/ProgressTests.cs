using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Course;

public class ProgressTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-progress").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Record_Passes_AreKeptOnce()
    {
        var progress = new Progress(Path.Combine(_folder, "new", "progress.txt"));
        Assert.Empty(progress.ReadPassed());
        Assert.True(progress.Record(Result("1.2", CheckOutcome.Passed)));
        Assert.True(progress.Record(Result("1.1", CheckOutcome.Passed)));
        Assert.True(progress.Record(Result("1.2", CheckOutcome.Passed)));
        Assert.Equal(["1.2", "1.1"], progress.ReadPassed());
    }

    [Fact]
    public void Record_FailureAfterAPass_TakesNothingAway()
    {
        var progress = new Progress(Path.Combine(_folder, "progress.txt"));
        progress.Record(Result("1.2", CheckOutcome.Passed));
        Assert.False(progress.Record(Result("1.2", CheckOutcome.Failed)));
        Assert.Equal(["1.2"], progress.ReadPassed());
    }

    [Fact]
    public void Run_ProgressNotWritable_StillGivesTheVerdict()
    {
        var progress = new Progress(_folder); // a folder cannot be written as a file
        Func<double[], string, double> bits = (p, text) => -p.Sum(Math.Log2) / System.Text.Encoding.UTF8.GetByteCount(text);
        Assert.Equal(CheckOutcome.Passed, Check.Run("1.7", bits, progress).Outcome);
        Assert.Empty(progress.ReadPassed());
    }

    [Fact]
    public void FromEnvironment_Off_KeepsNothing() => Assert.Null(Progress.FromEnvironment()); // ProgressOff sets it for all tests

    [Fact]
    public void Forget_OneChapter_KeepsTheOthers()
    {
        var progress = new Progress(Path.Combine(_folder, "progress.txt"));
        foreach (string id in new[] { "1.1", "6.3", "1.2" }) progress.Record(Result(id, CheckOutcome.Passed));
        Assert.Equal(2, progress.Forget(id => id.StartsWith("1.")));
        Assert.Equal(["6.3"], progress.ReadPassed());
        Assert.Equal(0, progress.Forget(id => id.StartsWith("1.")));
    }

    [Theory]
    [InlineData("01")]
    [InlineData("1")]
    public void Card_OfAChapter_MarksWhatIsPassed(string chapter)
    {
        var progress = new Progress(Path.Combine(_folder, "progress.txt"));
        progress.Record(Result("1.2", CheckOutcome.Passed));
        ProgressCard card = ProgressCard.Of(chapter, progress);
        Assert.All(card.Lines, line => Assert.StartsWith("1.", line.Id));
        Assert.Equal(1, card.PassedCount);
        Assert.Contains("✓ 1.2", card.ToString());
        Assert.Contains("○ 1.1", card.ToString());
        Assert.StartsWith($"Exercises: 1 of {card.Lines.Count} passed", card.ToString());
        string html = Visuals.ConventionFormatters.Render(card)["text/html"];
        Assert.Contains($"1 of {card.Lines.Count} passed", html);
    }

    [Fact]
    public void Card_OfAChapterWithoutExercises_ListsWhatThereIs() =>
        Assert.Contains("expected one of 00, 01, 02", Assert.Throws<ArgumentException>(() => ProgressCard.Of("99", null)).Message);

    [Fact]
    public void CheckCommand_CardAndReset_ReadAndForgetTheFile()
    {
        string file = Path.Combine(_folder, "progress.txt");
        File.WriteAllLines(file, ["1.1", "6.3"]);
        (string, string) environment = ("LLMFS_PROGRESS", file);
        Cli.CommandLine.Result card = Cli.CommandLine.Run("", ["check", "06"], environment);
        Assert.Equal(0, card.ExitCode);
        Assert.Contains("✓ 6.3", card.Output);
        Assert.DoesNotContain("1.1", card.Output);
        Cli.CommandLine.Result reset = Cli.CommandLine.Run("", ["check", "06", "--reset"], environment);
        Assert.Equal((0, "1.1"), (reset.ExitCode, File.ReadAllText(file).Trim()));
        Cli.CommandLine.Result wrong = Cli.CommandLine.Run("", ["check", "99"], environment);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("chapter '99' has no exercises", wrong.Error);
    }

    private static CheckResult Result(string id, CheckOutcome outcome) => new(id, "title", outcome, "finding.");
}
