using System.Collections.Concurrent;
using System.Globalization;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>How a cell's thread came to its end.</summary>
internal enum CellEnd
{
    /// <summary>The body ran to its end; its task says whether it failed.</summary>
    Completed,

    /// <summary>The body was stopped at the time limit or by cancellation.</summary>
    Stopped,

    /// <summary>The body could not be stopped (it is in a call of a library that does not end); its thread goes on until the process ends.</summary>
    Abandoned,
}

/// <summary>
/// Runs the asynchronous body of one cell on a thread of its own, continuations included. It is stopped by asking: guarded code throws at
/// its next look (<see cref="CellGuard"/>), a wait is interrupted. No thread is aborted, because that can end the process. The culture is the invariant one.
/// </summary>
internal sealed class CellThread : SynchronizationContext
{
    private const int StackBytes = 16 << 20; // recursive exercises (parsers, trees) reach deep before they are wrong

    // Guarded code looks many times a second, between two calls of a library; what takes longer than this will not end.
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    private CellThread()
    {
    }

    /// <summary>Runs <paramref name="body"/> for at most <paramref name="timeout"/>. The task is the body's, null unless it was completed.</summary>
    public static async Task<(CellEnd End, Task<T>? Body)> RunAsync<T>(Func<Task<T>> body, TimeSpan timeout, CancellationToken cancellation)
    {
        var context = new CellThread();
        var ended = new TaskCompletionSource<Task<T>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var thread = new Thread(() => ended.SetResult(context.Run(body, stop.Token)), StackBytes) { IsBackground = true, Name = "notebook cell" };
        thread.Start();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        Task first = await Task.WhenAny(ended.Task, Task.Delay(Timeout.InfiniteTimeSpan, limit.Token));
        if (first != ended.Task)
        {
            await stop.CancelAsync();
            thread.Interrupt(); // a sleeping or waiting thread has to be woken
            first = await Task.WhenAny(ended.Task, Task.Delay(UnwindTime, CancellationToken.None));
        }
        if (first != ended.Task)
            return (CellEnd.Abandoned, null);
        return stop.IsCancellationRequested ? (CellEnd.Stopped, null) : (CellEnd.Completed, await ended.Task);
    }

    /// <summary>Queues a continuation for the cell's thread.</summary>
    public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

    /// <summary>Not offered: nothing that a cell awaits needs it.</summary>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("CellThread: a cell's continuations are posted, not sent.");

    private Task<T>? Run<T>(Func<Task<T>> body, CancellationToken stop)
    {
        SetSynchronizationContext(this);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        Task<T>? running = null;
        try
        {
            CellGuard.Run(() =>
            {
                running = body();
                running.ContinueWith(static (_, queue) => ((CellThread)queue!)._queue.CompleteAdding(), this, TaskScheduler.Default); // the state is `this`
                foreach ((SendOrPostCallback callback, object? state) in _queue.GetConsumingEnumerable())
                    callback(state);
            }, stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return null; // stopped; the caller knows
        }
        return running;
    }
}
