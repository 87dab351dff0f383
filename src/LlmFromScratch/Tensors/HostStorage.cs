using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Tensors;

/// <summary>Bytes in host memory: a pinned, 64-byte aligned array, or somebody else's memory such as a mapped file.</summary>
public sealed class HostStorage : TensorStorage
{
    private const int Alignment = 64; // one cache line, one Vector512

    /// <summary>What one array holds, about 2 GiB.</summary>
    private static long MostBytes => Array.MaxLength - Alignment;

    private readonly Memory<byte> _bytes;
    private readonly IHostMemory? _large; // in place of _bytes: memory that may be more than 2 GiB

    /// <summary>Wraps memory that another object owns, for example a mapped file; the caller keeps the owner alive.</summary>
    public HostStorage(Memory<byte> bytes) => _bytes = bytes;

    /// <summary>Wraps memory of any size.</summary>
    internal HostStorage(IHostMemory large) => _large = large;

    /// <summary>Allocates zeroed memory that starts on a cache line.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than one array can hold (about 2 GiB).</exception>
    public static HostStorage Allocate(long byteLength) => Align(GC.AllocateArray<byte>(LengthOfArray(byteLength), pinned: true), (int)byteLength);

    /// <summary>
    /// The same with anything in it, for what is read with every token: the operating system brings large pages if it has them, when they are first
    /// written, by whichever thread writes them.
    /// </summary>
    internal static HostStorage AllocateForWeights(long byteLength)
    {
        if (byteLength > MostBytes) return new HostStorage(new LargeHostMemory(byteLength));
        byte[] array = GC.AllocateUninitializedArray<byte>(LengthOfArray(byteLength), pinned: true);
        MemoryAdvice.PreferLargePages(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0), array.Length);
        return Align(array, (int)byteLength);
    }

    /// <summary>Whether <see cref="Bytes"/> can be asked for.</summary>
    internal bool IsOnePiece => _large is null;

    /// <summary>Whether the bytes are those of a mapped file.</summary>
    internal bool IsMapped => _large is IReleasable || IsOverFile(out _, out _, out _);

    /// <summary>The bytes.</summary>
    /// <exception cref="NotSupportedException">There are more than one memory can count, 2 GiB: they are read row by row.</exception>
    public Memory<byte> Bytes => _large is null ? _bytes : throw new NotSupportedException(
        $"HostStorage: {_large.ByteLength} bytes are asked for in one piece; supported: up to {int.MaxValue}. Read the tensor row by row, or a slice of it.");

    /// <inheritdoc/>
    public override long ByteLength => _large?.ByteLength ?? _bytes.Length;

    /// <summary>Some of the bytes, wherever they lie.</summary>
    internal Span<byte> GetSpan(long offset, int length) => _large is null ? _bytes.Span.Slice(checked((int)offset), length) : _large.GetSpan(offset, length);

    /// <summary>
    /// Says that the bytes will hardly be read again. Memory over a file gives its pages back and reads them anew if it must, without what was written to
    /// them; other memory stays as it is.
    /// </summary>
    internal void Release()
    {
        if (_large is IReleasable region) region.Release(0, ByteLength);
        else if (IsOverFile(out IReleasable? memory, out int start, out int length)) memory.Release(start, length);
    }

    /// <summary>Does nothing: the garbage collector or the memory's owner frees host memory.</summary>
    public override void Dispose() { }

    private bool IsOverFile([NotNullWhen(true)] out IReleasable? memory, out int start, out int length)
    {
        memory = MemoryMarshal.TryGetMemoryManager<byte, MemoryManager<byte>>(_bytes, out MemoryManager<byte>? owner, out start, out length) ? owner as IReleasable : null;
        return memory is not null;
    }

    private static int LengthOfArray(long byteLength) => byteLength >= 0 && byteLength <= MostBytes
        ? (int)byteLength + Alignment
        : throw new ArgumentOutOfRangeException(nameof(byteLength), byteLength, $"HostStorage: one tensor holds 0 to {MostBytes} bytes.");

    private static HostStorage Align(byte[] array, int byteLength)
    {
        int start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) & (Alignment - 1)); // pinned, so the alignment stays true
        return new HostStorage(array.AsMemory(start, byteLength));
    }
}
