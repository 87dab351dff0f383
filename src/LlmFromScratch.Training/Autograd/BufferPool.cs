using System.Runtime.CompilerServices;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Arrays that go round: a step takes what the step before gave back, so that training makes no garbage after its first step. The last
/// array given back is the first taken, while it is still in the cache. Thread-safe: attention takes scratch on every thread of the team.
/// </summary>
internal sealed class BufferPool<T>
    where T : unmanaged
{
    private readonly Dictionary<int, Stack<T[]>> _free = []; // by length
    private readonly Lock _lock = new();

    /// <summary>Bytes of all arrays that were ever made: the pool never lets one go.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>An array of exactly this length; its values are whatever was left in it.</summary>
    public T[] Rent(int length)
    {
        lock (_lock)
        {
            if (_free.TryGetValue(length, out Stack<T[]>? stack) && stack.TryPop(out T[]? buffer)) return buffer;
            AllocatedBytes += (long)length * Unsafe.SizeOf<T>();
        }
        return GC.AllocateUninitializedArray<T>(length);
    }

    /// <summary>Gives an array back; the caller forgets it.</summary>
    public void Return(T[] buffer)
    {
        lock (_lock)
        {
            if (!_free.TryGetValue(buffer.Length, out Stack<T[]>? stack)) _free.Add(buffer.Length, stack = new());
            stack.Push(buffer);
        }
    }
}
