using System.Buffers;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Tensors;

/// <summary>Bytes in host memory: a pinned, 64-byte aligned array, or somebody else's memory such as a mapped file.</summary>
public sealed class HostStorage : TensorStorage
{
    private const int Alignment = 64; // one cache line, one Vector512

    /// <summary>The most bytes that <see cref="Allocate"/> gives: one array, about 2 GiB.</summary>
    internal static long MostBytes => Array.MaxLength - Alignment;

    /// <summary>Wraps memory that another object owns, for example a mapped file; the caller keeps the owner alive.</summary>
    public HostStorage(Memory<byte> bytes) => Bytes = bytes;

    /// <summary>Allocates zeroed memory that starts on a cache line.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than one array can hold (about 2 GiB).</exception>
    public static HostStorage Allocate(long byteLength) => Align(GC.AllocateArray<byte>(LengthOfArray(byteLength), pinned: true), (int)byteLength);

    /// <summary>
    /// The same with anything in it, for what is read with every token: the operating system brings large pages if it has them, when they are first
    /// written, by whichever thread writes them.
    /// </summary>
    internal static HostStorage AllocateForWeights(long byteLength)
    {
        byte[] array = GC.AllocateUninitializedArray<byte>(LengthOfArray(byteLength), pinned: true);
        MemoryAdvice.PreferLargePages(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0), array.Length);
        return Align(array, (int)byteLength);
    }

    /// <summary>The bytes.</summary>
    public Memory<byte> Bytes { get; }

    /// <inheritdoc/>
    public override long ByteLength => Bytes.Length;

    /// <summary>
    /// Says that the bytes will hardly be read again. Memory over a file gives its pages back and reads them anew if it must, without what was written to
    /// them; other memory stays as it is.
    /// </summary>
    internal void Release()
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, MemoryManager<byte>>(Bytes, out MemoryManager<byte>? owner, out int start, out int length) && owner is IReleasable memory)
            memory.Release(start, length);
    }

    /// <summary>Does nothing: the garbage collector or the memory's owner frees host memory.</summary>
    public override void Dispose() { }

    private static int LengthOfArray(long byteLength) => byteLength >= 0 && byteLength <= MostBytes
        ? (int)byteLength + Alignment
        : throw new ArgumentOutOfRangeException(nameof(byteLength), byteLength, $"HostStorage: one tensor holds 0 to {MostBytes} bytes.");

    private static HostStorage Align(byte[] array, int byteLength)
    {
        int start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) & (Alignment - 1)); // pinned, so the alignment stays true
        return new HostStorage(array.AsMemory(start, byteLength));
    }
}
