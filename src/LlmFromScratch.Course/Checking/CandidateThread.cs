using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace LlmFromScratch.Course.Checking;

/// <summary>Runs a learner's code on a thread of its own, so that an endless loop can be stopped, and one that fills the memory before the machine suffers.</summary>
internal static class CandidateThread
{
    private const int StackBytes = 16 << 20; // a recursive answer reaches deep before it is wrong

    // A stopped thread unwinds in milliseconds; what takes longer sits in a finally block or in native code and will not end.
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(2);

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

        /// <summary>The body could not be stopped; its thread goes on until the process ends.</summary>
        Abandoned,
    }

    /// <summary>Runs <paramref name="body"/> within <paramref name="limits"/> and returns how it ended and how long it took.</summary>
    public static (End End, TimeSpan Elapsed) Run(Action body, CheckLimits limits)
    {
        using var stop = new CancellationTokenSource();
        long start = Stopwatch.GetTimestamp(), bytes = GC.GetTotalMemory(forceFullCollection: false);
        CancellationToken token = stop.Token;
        var thread = new Thread(() => RunUntil(body, token), StackBytes) { IsBackground = true, Name = "exercise" };
        thread.Start();
        TimeSpan elapsed = TimeSpan.Zero;
        bool completed = false, tooMuch = false;
        while (!completed && !tooMuch && elapsed < limits.Stop)
        {
            completed = thread.Join(limits.Stop - elapsed < Look ? limits.Stop - elapsed : Look);
            elapsed = Stopwatch.GetElapsedTime(start);
            tooMuch = GC.GetTotalMemory(forceFullCollection: false) - bytes > limits.MostBytes;
        }
        if (completed) return (End.Completed, elapsed);
        stop.Cancel();
        return (!thread.Join(UnwindTime) ? End.Abandoned : tooMuch ? End.TooMuchMemory : End.Stopped, elapsed);
    }

    private static void RunUntil(Action body, CancellationToken stop)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; // messages of exceptions and numbers read the same everywhere
        try
        {
#pragma warning disable SYSLIB0046 // Obsolete as dangerous to the process's state; nothing else ends an endless loop.
            ControlledExecution.Run(body, stop);
#pragma warning restore SYSLIB0046
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The limit was reached: Run reports it.
        }
    }
}
