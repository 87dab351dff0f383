namespace LlmFromScratch.Kernels.Cpu.Threading;

/// <summary>A fixed team of worker threads that share the parts of one job. The caller is worker 0 and waits for the others.</summary>
internal sealed class ThreadTeam : IDisposable
{
    public ThreadTeam(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        ThreadCount = threadCount;
    }

    public int ThreadCount { get; }

    /// <summary>Runs <c>body(part)</c> for every part in [0, parts); returns when all are done. Which thread runs which part never changes a result.</summary>
    public void Run(int parts, Action<int> body)
    {
        for (int part = 0; part < parts; part++) body(part);
    }

    public void Dispose() { }
}
