using LlmFromScratch.Kernels.Cpu.Threading;

namespace LlmFromScratch.Tests.Kernels.Cpu;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyJobs_DoesEveryPartOnce(int threads)
    {
        using ThreadTeam team = new(threads);
        int[] counts = new int[37];
        Action<int> body = part => Interlocked.Increment(ref counts[part]);
        for (int run = 1; run <= 200; run++)
        {
            if (run % 50 == 0) Thread.Sleep(2); // long enough for the workers to park
            team.Run(counts.Length, body);
            Assert.All(counts, count => Assert.Equal(run, count));
        }
    }

    [Fact]
    public void Run_PartThrows_ReachesTheCallerAndTheTeamStaysUsable()
    {
        using ThreadTeam team = new(3);
        for (int failing = 0; failing < 8; failing++)
        {
            int bad = failing;
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => team.Run(8, part =>
            {
                if (part == bad) throw new InvalidOperationException($"part {part}");
            }));
            Assert.Equal($"part {failing}", error.Message);
        }
        int sum = 0;
        team.Run(8, part => Interlocked.Add(ref sum, part));
        Assert.Equal(28, sum);
    }

    [Fact]
    public void Run_InsideAPart_IsRefused()
    {
        using ThreadTeam team = new(2);
        Assert.Throws<InvalidOperationException>(() => team.Run(2, _ => team.Run(1, _ => { })));
    }

    [Fact]
    public unsafe void Scratch_WhileAJobRuns_IsRefused()
    {
        using ThreadTeam team = new(2);
        Assert.True(team.Scratch(16) is not null);
        Assert.Throws<InvalidOperationException>(() => team.Run(2, _ => Take(team)));

        static void Take(ThreadTeam team) => team.Scratch(1 << 20);
    }

    [Fact]
    public void Run_TwoPartsThatWaitForEachOther_RunAtTheSameTime()
    {
        using ThreadTeam team = new(2);
        using Barrier both = new(2);
        bool[] met = new bool[2];
        team.Run(2, part => met[part] = both.SignalAndWait(TimeSpan.FromSeconds(20)));
        Assert.All(met, Assert.True);
    }

    [Fact]
    public void Run_CachedDelegate_AllocatesNothing()
    {
        using ThreadTeam team = new(2);
        Action<int> body = _ => { };
        for (int i = 0; i < 100; i++) team.Run(4, body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) team.Run(4, body);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Run_AfterDispose_IsRefused()
    {
        ThreadTeam team = new(2);
        team.Dispose();
        team.Dispose();
        Assert.Throws<ObjectDisposedException>(() => team.Run(1, _ => { }));
    }
}
