using System.Runtime.CompilerServices;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// What cells are compiled with, so that they can be stopped without aborting a thread: <see cref="GuardedCode"/> calls <see cref="Loop"/> in every
/// loop and <see cref="Enter"/> in every function. Once a stop is asked for they throw; and a recursion without end gets an exception, not the
/// overflow of its stack, which would end the process.
/// </summary>
public static class CellGuard
{
    /// <summary>
    /// The name under which <see cref="AppContext.GetData"/> has <see cref="Run"/>, an <c>Action&lt;Action, CancellationToken&gt;</c>, for libraries
    /// that run a reader's code on threads of their own and know no host.
    /// </summary>
    public const string RunName = "LlmFromScratch.StoppableRun";

    // Tasks that stopped code has started look for the stop so long after its end.
    private static readonly TimeSpan TimeForItsTasks = TimeSpan.FromSeconds(2);

    // Flows with the running code into the tasks and threads that it starts.
    private static readonly AsyncLocal<StoppableRun?> Current = new();
    private static int _asked; // stops under way: while there is none, a look costs one read

    /// <summary>Whether the running code may handle exceptions; false once it is to stop, so that <c>catch</c> does not hold it.</summary>
    public static bool MayCatch => Volatile.Read(ref _asked) == 0 || Current.Value?.FindStopped() is null;

    /// <summary>Called by a cell's loops, once a round.</summary>
    /// <exception cref="OperationCanceledException">The running code is to stop.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Loop()
    {
        if (Volatile.Read(ref _asked) != 0) ThrowIfStopped();
    }

    /// <summary>Called by a cell's functions as they begin.</summary>
    /// <exception cref="OperationCanceledException">The running code is to stop.</exception>
    /// <exception cref="InsufficientExecutionStackException">The calls are too deep for the stack.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Loop();
    }

    /// <summary>Runs <paramref name="body"/>. Guarded code in it, and in what it starts, throws once <paramref name="stop"/> or that of a run around it is used.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Run(Action body, CancellationToken stop)
    {
        var run = new StoppableRun(stop, Current.Value);
        CancellationTokenRegistration asking = stop.Register(static () => Interlocked.Increment(ref _asked));
        Current.Value = run;
        try
        {
            body();
        }
        finally
        {
            Current.Value = run.Outer;
            if (!asking.Unregister()) _ = Task.Delay(TimeForItsTasks, CancellationToken.None).ContinueWith(static _ => Interlocked.Decrement(ref _asked), TaskScheduler.Default);
        }
    }

    private static void ThrowIfStopped()
    {
        if (Current.Value?.FindStopped() is { } stopped) throw new OperationCanceledException(stopped.Stop);
    }

    private sealed record StoppableRun(CancellationToken Stop, StoppableRun? Outer)
    {
        public StoppableRun? FindStopped()
        {
            StoppableRun? run = this;
            while (run is not null && !run.Stop.IsCancellationRequested) run = run.Outer;
            return run;
        }
    }
}
