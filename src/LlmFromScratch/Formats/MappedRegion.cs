using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats;

/// <summary>A part of a <see cref="MappedFile"/> of any size, so that a tensor of more than 2 GiB can lie over it without a copy.</summary>
internal sealed class MappedRegion(MappedFile file, long offset, long byteLength) : IHostMemory, IReleasable
{
    /// <inheritdoc/>
    public long ByteLength => byteLength;

    /// <inheritdoc/>
    public Span<byte> GetSpan(long start, int length) => start >= 0 && length >= 0 && start <= byteLength - length
        ? file.GetSpan(offset + start, length)
        : throw new ArgumentOutOfRangeException(nameof(start), $"{file.Path}: {length} bytes at {start} lie outside the tensor's {byteLength} bytes.");

    /// <inheritdoc/>
    public void Release(long start, long length) => file.Release(offset + start, length);
}
