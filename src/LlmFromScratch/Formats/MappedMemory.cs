using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats;

/// <summary>A part of a <see cref="MappedFile"/> as <see cref="Memory{T}"/>, so that a tensor can lie over it without a copy.</summary>
internal sealed unsafe class MappedMemory(MappedFile file, long offset, int length) : MemoryManager<byte>, IReleasable
{
    /// <inheritdoc/>
    public override Span<byte> GetSpan() => file.GetSpan(offset, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        Span<byte> rest = file.GetSpan(offset, length)[elementIndex..]; // bound: the slice checks elementIndex against length
        return new MemoryHandle(Unsafe.AsPointer(ref MemoryMarshal.GetReference(rest)));
    }

    /// <inheritdoc/>
    public override void Unpin() { } // mapped memory never moves

    /// <inheritdoc/>
    public void Release(long start, long count) => file.Release(offset + start, count);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) { } // the file owns the mapping
}
