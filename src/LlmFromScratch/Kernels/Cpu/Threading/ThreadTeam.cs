using System.Runtime.ExceptionServices;

namespace LlmFromScratch.Kernels.Cpu.Threading;

/// <summary>
/// A fixed team of worker threads that share the parts of one job. The caller is worker 0 and waits for the others. Between jobs workers spin for
/// some tens of microseconds, because the next operation of a forward pass follows at once, then park. One job at a time; parts must not start jobs.
/// </summary>
internal sealed unsafe class ThreadTeam : IDisposable
{
    private const int SpinsBeforePark = 1000; // times Thread.SpinWait(10), about 50 microseconds
    private const int Open = 1 << 30; // in _state: workers may still join; the low bits count those who have
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _wakeUps;
    private readonly int[] _parked;
    private readonly ScratchBuffer _scratch = new();
    private int _busy, _state, _generation, _nextPart, _parts;
    private bool _stopping;
    private delegate*<void*, int, int, void> _jobBody;
    private void* _job;
    private Action<int>? _action;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts <paramref name="threadCount"/> - 1 threads; <see cref="Environment.ProcessorCount"/> respects the limits of a container.</summary>
    public ThreadTeam(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        ThreadCount = threadCount;
        _parked = new int[threadCount];
        _wakeUps = Enumerable.Range(0, threadCount).Select(_ => new SemaphoreSlim(0)).ToArray();
        _threads = new Thread[threadCount - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"LlmFromScratch worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Workers, the caller included.</summary>
    public int ThreadCount { get; }

    /// <summary>Memory for the intermediate values of one operation, valid until the next call; the operation gives each worker a slice of its own.</summary>
    /// <exception cref="InvalidOperationException">A job is running: the memory is in use, and a larger one in its place would be taken from under it.</exception>
    public float* Scratch(int floats) => Volatile.Read(ref _busy) == 0 ? _scratch.Floats(floats) : throw IsRunning();

    /// <summary>Runs <c>body(part)</c> for every part in [0, parts); returns when all are done. Which thread runs which part never changes a result.</summary>
    public void Run(int parts, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Start(parts, null, null, body);
    }

    /// <summary>Runs every part of a job in [0, parts); returns when all are done. An exception in a part reaches the caller; parts not begun are left out.</summary>
    public void Run<TJob>(int parts, TJob job) where TJob : unmanaged, IJob =>
        Start(parts, &Invoke<TJob>, &job, null); // &job: this frame outlives the work, since Start waits for every worker that joined

    /// <summary>Ends and joins the threads.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        WakeWorkers();
        foreach (Thread thread in _threads) thread.Join();
        foreach (SemaphoreSlim wakeUp in _wakeUps) wakeUp.Dispose();
    }

    private static InvalidOperationException IsRunning() =>
        new("ThreadTeam: a job is running already; expected one at a time, started outside of parts.");

    private static void Invoke<TJob>(void* job, int part, int worker) where TJob : unmanaged, IJob => ((TJob*)job)->Run(part, worker);

    private void Start(int parts, delegate*<void*, int, int, void> jobBody, void* job, Action<int>? action)
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw IsRunning();
        _jobBody = jobBody; // nobody reads these fields now: no job is open
        _job = job;
        (_parts, _nextPart, _action, _failure) = (parts, 0, action, null);
        bool shared = parts > 1 && _threads.Length > 0;
        if (shared)
        {
            Volatile.Write(ref _state, Open);
            WakeWorkers();
        }
        RunParts(0);
        if (shared)
        {
            Interlocked.And(ref _state, ~Open); // who has not joined by now has nothing left to do and is not waited for
            SpinWait wait = default;
            while (Volatile.Read(ref _state) != 0) wait.SpinOnce(sleep1Threshold: -1);
        }
        ExceptionDispatchInfo? failure = _failure;
        (_action, _failure) = (null, null);
        Volatile.Write(ref _busy, 0);
        failure?.Throw();
    }

    private void RunParts(int worker)
    {
        try
        {
            for (int part = Interlocked.Increment(ref _nextPart) - 1; part < _parts; part = Interlocked.Increment(ref _nextPart) - 1)
                if (_action is null) _jobBody(_job, part, worker);
                else _action(part);
        }
        catch (Exception failure) // of any type: it is not handled here but carried to the caller's thread
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Volatile.Write(ref _nextPart, _parts);
        }
    }

    private void WakeWorkers()
    {
        Interlocked.Increment(ref _generation); // a full fence: a worker that parks after it sees the new number
        for (int worker = 1; worker < ThreadCount; worker++)
            if (Interlocked.Exchange(ref _parked[worker], 0) == 1) _wakeUps[worker].Release();
    }

    private void Work(int worker)
    {
        for (int seen = 0; ;)
        {
            for (int spins = 0; Volatile.Read(ref _generation) == seen && spins < SpinsBeforePark; spins++) Thread.SpinWait(10);
            if (Volatile.Read(ref _generation) == seen) Park(worker, seen);
            seen = Volatile.Read(ref _generation);
            if (_stopping) return;
            if (!TryJoin()) continue;
            RunParts(worker);
            Interlocked.Decrement(ref _state);
        }
    }

    private void Park(int worker, int seen)
    {
        Interlocked.Exchange(ref _parked[worker], 1);
        bool newJob = Volatile.Read(ref _generation) != seen;
        if (newJob && Interlocked.Exchange(ref _parked[worker], 0) == 1) return; // a job came in between and nobody has woken us
        _wakeUps[worker].Wait();
    }

    private bool TryJoin()
    {
        for (int state = Volatile.Read(ref _state); (state & Open) != 0;)
        {
            int before = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (before == state) return true;
            state = before;
        }
        return false;
    }
}
