namespace LlmFromScratch.Tensors;

/// <summary>Contiguous host memory of any size, more than a span can count too: it is read part by part.</summary>
internal interface IHostMemory
{
    /// <summary>The size in bytes.</summary>
    long ByteLength { get; }

    /// <summary>Some of the bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They lie outside.</exception>
    Span<byte> GetSpan(long offset, int length);
}
