using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace LlmFromScratch.Course.Checking;

/// <summary>Runs a learner's code on a thread of its own, so that an endless loop can be stopped.</summary>
internal static class CandidateThread
{
    private const int StackBytes = 16 << 20; // a recursive answer reaches deep before it is wrong

    // A stopped thread unwinds in milliseconds; what takes longer sits in a finally block or in native code and will not end.
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(2);

    /// <summary>How a run came to its end.</summary>
    internal enum End
    {
        /// <summary>The body returned.</summary>
        Completed,

        /// <summary>The body was stopped at the limit.</summary>
        Stopped,

        /// <summary>The body could not be stopped; its thread goes on until the process ends.</summary>
        Abandoned,
    }

    /// <summary>Runs <paramref name="body"/> for at most <paramref name="limit"/> and returns how it ended and how long it took.</summary>
    public static (End End, TimeSpan Elapsed) Run(Action body, TimeSpan limit)
    {
        using var stop = new CancellationTokenSource();
        long start = Stopwatch.GetTimestamp();
        CancellationToken token = stop.Token;
        var thread = new Thread(() => RunUntil(body, token), StackBytes) { IsBackground = true, Name = "exercise" };
        thread.Start();
        bool completed = thread.Join(limit);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        if (completed) return (End.Completed, elapsed);
        stop.Cancel();
        return (thread.Join(UnwindTime) ? End.Stopped : End.Abandoned, elapsed);
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
