using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats;

/// <summary>The bytes of a tensor as parts that a writer takes one after the other, so that a large file never lies in memory whole.</summary>
internal static class FileParts
{
    /// <summary>The bytes of a host tensor as one part, looked at only when it is written.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> HostParts(this Tensor tensor)
    {
        yield return tensor.Storage is HostStorage host
            ? host.Bytes.Slice((int)tensor.ByteOffset, (int)tensor.ByteLength)
            : tensor.Bytes.ToArray(); // throws: the tensor lives on a device
    }

    /// <summary>Writes all parts and checks that they have the size that the header promises.</summary>
    /// <exception cref="InvalidOperationException">They have another size.</exception>
    public static void Write(Stream stream, IEnumerable<ReadOnlyMemory<byte>> parts, long byteLength, string what)
    {
        long written = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            stream.Write(part.Span);
            written += part.Length;
        }
        if (written != byteLength) throw new InvalidOperationException($"{what} has {byteLength} bytes; its parts had {written}.");
    }
}
