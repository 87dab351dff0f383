using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace LlmFromScratch.Course.Checking;

/// <summary>
/// Runs a learner's code on a thread of its own, so that an endless loop does not hold the notebook, and one that fills the memory is ended
/// before the machine suffers. A host that compiles cells so that they can be stopped (our runner and kernel) offers that under <see cref="HostRun"/>.
/// Under another host an endless loop runs on at the lowest priority: aborting its thread can end the process, and is kept for memory that runs out.
/// </summary>
internal static class CandidateThread
{
    /// <summary>The name in <see cref="AppContext"/> of the host's <c>Action&lt;Action, CancellationToken&gt;</c>, which runs cells' code until it ends or is to stop.</summary>
    private const string HostRun = "LlmFromScratch.StoppableRun";

    private const int StackBytes = 16 << 20; // a recursive answer reaches deep before it is wrong

    // Code that can be stopped looks many times a second; what takes longer sits in one call of a library and will not end.
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(2);

    // An abort waits for the garbage collector, and that for the processor.
    private static readonly TimeSpan AbortTime = TimeSpan.FromSeconds(10);

    // How often the memory is looked at: a loop of small objects fills about a gigabyte a second.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>How a run came to its end.</summary>
    internal enum End
    {
        /// <summary>The body returned.</summary>
        Completed,

        /// <summary>The body was stopped at the limit of time.</summary>
        Stopped,

        /// <summary>The body was stopped at the limit of memory.</summary>
        TooMuchMemory,

        /// <summary>The body could not be stopped at the limit of time; its thread goes on until the process ends.</summary>
        Abandoned,

        /// <summary>The body could not be stopped at the limit of memory; its thread goes on.</summary>
        AbandonedWithTooMuchMemory,
    }

    /// <summary>Runs <paramref name="body"/> within <paramref name="limits"/> and returns how it ended and how long it took. The body gets the token of its stop.</summary>
    public static (End End, TimeSpan Elapsed) Run(Action<CancellationToken> body, CheckLimits limits)
    {
        var stop = new CancellationTokenSource(); // not disposed, nor the other: a thread that runs on keeps them
        var abort = new CancellationTokenSource();
        var priority = new ThreadPriorityHandle();
        long start = Stopwatch.GetTimestamp(), bytes = GC.GetTotalMemory(forceFullCollection: false);
        var thread = new Thread(() => RunUntil(body, stop.Token, abort.Token, priority), StackBytes) { IsBackground = true, Name = "exercise" };
        thread.Start();
        TimeSpan elapsed = TimeSpan.Zero;
        bool completed = false, tooMuch = false;
        try
        {
            while (!completed && !tooMuch && elapsed < limits.Stop)
            {
                completed = thread.Join(limits.Stop - elapsed < Look ? limits.Stop - elapsed : Look);
                elapsed = Stopwatch.GetElapsedTime(start);
                tooMuch = IsTooMuch();
            }
        }
        finally
        {
            if (!completed) stop.Cancel(); // also where the cell that checks is itself stopped
        }
        if (completed) return (End.Completed, elapsed);
        bool ended = AppContext.GetData(HostRun) is not null && thread.Join(tooMuch ? Look : UnwindTime);
        if (!ended && tooMuch)
        {
            _ = abort.CancelAsync(); // not awaited: asking a thread to abort can wait for the thread
            ended = thread.Join(AbortTime);
        }
        if (ended) return (tooMuch ? End.TooMuchMemory : End.Stopped, elapsed);
        priority.Lower(thread);
        _ = AbortAtMostBytesAsync();
        return (tooMuch ? End.AbandonedWithTooMuchMemory : End.Abandoned, elapsed);

        bool IsTooMuch() => GC.GetTotalMemory(forceFullCollection: false) - bytes > limits.MostBytes;

        async Task AbortAtMostBytesAsync()
        {
            while (thread.IsAlive && !IsTooMuch()) await Task.Delay(Look);
            if (thread.IsAlive) await abort.CancelAsync();
        }
    }

    private static void RunUntil(Action<CancellationToken> body, CancellationToken stop, CancellationToken abort, ThreadPriorityHandle priority)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; // messages of exceptions and numbers read the same everywhere
        priority.Attach();
        try
        {
#pragma warning disable SYSLIB0046 // Obsolete as dangerous to the process's state; without it, memory that runs out would end the process for certain.
            ControlledExecution.Run(() =>
            {
                if (AppContext.GetData(HostRun) is Action<Action, CancellationToken> run) run(() => body(stop), stop);
                else body(stop);
            }, abort);
#pragma warning restore SYSLIB0046
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The limit was reached: Run reports it.
        }
    }
}
