namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Float arrays that go round: a step takes what the step before gave back, so that training makes no garbage after its first step. The last
/// array given back is the first taken, while it is still in the cache. Thread-safe: attention takes scratch on every thread of the team.
/// </summary>
internal sealed class BufferPool
{
    private readonly Dictionary<int, Stack<float[]>> _free = []; // by length
    private readonly Lock _lock = new();

    /// <summary>Bytes of all arrays that were ever made: the pool never lets one go.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>An array of exactly this length; its values are whatever was left in it.</summary>
    public float[] Rent(int length)
    {
        lock (_lock)
        {
            if (_free.TryGetValue(length, out Stack<float[]>? stack) && stack.TryPop(out float[]? buffer)) return buffer;
            AllocatedBytes += (long)length * sizeof(float);
        }
        return GC.AllocateUninitializedArray<float>(length);
    }

    /// <summary>Gives an array back; the caller forgets it.</summary>
    public void Return(float[] buffer)
    {
        lock (_lock)
        {
            if (!_free.TryGetValue(buffer.Length, out Stack<float[]>? stack)) _free.Add(buffer.Length, stack = new());
            stack.Push(buffer);
        }
    }
}
