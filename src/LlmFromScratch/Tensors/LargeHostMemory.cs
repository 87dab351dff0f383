using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Tensors;

/// <summary>Memory for weights that no array can hold, from the operating system; freed when nobody refers to it any more, as arrays are.</summary>
internal sealed unsafe class LargeHostMemory : CriticalFinalizerObject, IHostMemory
{
    private const int Alignment = 64; // one cache line, one Vector512

    private readonly byte* _start;

    /// <summary>Allocates memory with anything in it.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much.</exception>
    public LargeHostMemory(long byteLength)
    {
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)byteLength, Alignment);
        ByteLength = byteLength;
        MemoryAdvice.PreferLargePages((nint)_start, byteLength);
    }

    ~LargeHostMemory() => NativeMemory.AlignedFree(_start);

    /// <inheritdoc/>
    public long ByteLength { get; }

    /// <inheritdoc/>
    public Span<byte> GetSpan(long offset, int length) => offset >= 0 && length >= 0 && offset <= ByteLength - length
        ? new Span<byte>(_start + offset, length) // bound: checked in the line above
        : throw new ArgumentOutOfRangeException(nameof(offset), $"LargeHostMemory: {length} bytes at {offset} lie outside its {ByteLength} bytes.");
}
