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
        Func<float[], float[]> softmax = Lab.Softmax;
        Assert.Equal(CheckOutcome.Passed, Check.Run("1.1", softmax, progress).Outcome);
        Assert.Empty(progress.ReadPassed());
    }

    [Fact]
    public void FromEnvironment_Off_KeepsNothing() => Assert.Null(Progress.FromEnvironment()); // ProgressOff sets it for all tests

    private static CheckResult Result(string id, CheckOutcome outcome) => new(id, "title", outcome, "finding.");
}
