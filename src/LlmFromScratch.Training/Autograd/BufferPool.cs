using System.Runtime.CompilerServices;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Arrays that go round: a step takes what the step before gave back, so that training makes no garbage after its first steps, also where sizes change from
/// step to step (the tokens of an expert, the length of an answer): a slightly longer array serves, too. The last array given back is the first taken, while it
/// is still in the cache. Thread-safe: attention takes scratch on every thread of the team.
/// </summary>
internal sealed class BufferPool<T>
    where T : unmanaged
{
    private const int Slack = 4; // an array may be longer than asked for by a quarter

    private readonly List<int> _lengths = [];       // of all arrays given back, ascending
    private readonly List<Stack<T[]>> _free = [];   // the arrays of each length
    private readonly Lock _lock = new();

    /// <summary>Bytes of all arrays that were ever made: the pool never lets one go.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>An array of at least this length, the shortest there is; its values are whatever was left in it.</summary>
    public T[] Rent(int length)
    {
        lock (_lock)
        {
            for (int at = FirstOf(length); at < _lengths.Count && _lengths[at] <= length + length / Slack; at++)
                if (_free[at].TryPop(out T[]? buffer)) return buffer;
            AllocatedBytes += (long)length * Unsafe.SizeOf<T>();
        }
        return GC.AllocateUninitializedArray<T>(length);
    }

    /// <summary>Gives an array back; the caller forgets it.</summary>
    public void Return(T[] buffer)
    {
        lock (_lock)
        {
            int at = FirstOf(buffer.Length);
            if (at == _lengths.Count || _lengths[at] != buffer.Length)
            {
                _lengths.Insert(at, buffer.Length);
                _free.Insert(at, new());
            }
            _free[at].Push(buffer);
        }
    }

    // The place of the first length that is not below this one.
    private int FirstOf(int length)
    {
        int at = _lengths.BinarySearch(length);
        return at < 0 ? ~at : at;
    }
}
