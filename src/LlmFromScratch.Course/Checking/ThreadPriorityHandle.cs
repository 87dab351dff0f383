using System.Globalization;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Course.Checking;

/// <summary>
/// Gives a running thread the lowest priority, from another thread. .NET does that on Windows only; Linux has a niceness for each thread, and
/// elsewhere nothing changes.
/// </summary>
internal sealed class ThreadPriorityHandle
{
    private const int PriorityOfProcess = 0, LowestNiceness = 19; // PRIO_PROCESS: Linux takes a thread's id there
    private volatile int _id;

    /// <summary>Called on the thread itself, as it starts.</summary>
    public void Attach()
    {
        if (new FileInfo("/proc/thread-self").LinkTarget is { } self) // on Linux: PROCESS/task/THREAD
            _id = int.Parse(self.AsSpan(self.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
    }

    /// <summary>Lowers the priority of <paramref name="thread"/>, which called <see cref="Attach"/>.</summary>
    public void Lower(Thread thread)
    {
        if (!thread.IsAlive) return;
        if (_id != 0) _ = SetPriority(PriorityOfProcess, _id, LowestNiceness); // lowering is always allowed
        else thread.Priority = ThreadPriority.Lowest;
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, int who, int niceness);
}
