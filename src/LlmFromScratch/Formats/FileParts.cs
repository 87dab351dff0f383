using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats;

/// <summary>The bytes of a tensor as parts that a writer takes one after the other, so that a large file never lies in memory whole.</summary>
internal static class FileParts
{
    private const int PieceBytes = 1 << 24; // of memory that no Memory can count

    /// <summary>The bytes of a host tensor, looked at only when they are written: one part, or pieces of memory that is larger than one part can be.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> HostParts(this Tensor tensor)
    {
        if (tensor.Storage is not HostStorage host) throw new NotSupportedException($"{tensor} lives on a device; expected a host tensor to write.");
        return host.IsOnePiece ? [host.Bytes.Slice((int)tensor.ByteOffset, (int)tensor.ByteLength)] : Pieces(tensor, host);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(Tensor tensor, HostStorage host)
    {
        byte[] piece = new byte[Math.Min(PieceBytes, tensor.ByteLength)];
        for (long start = 0; start < tensor.ByteLength; start += piece.Length)
        {
            int length = (int)Math.Min(piece.Length, tensor.ByteLength - start);
            host.GetSpan(tensor.ByteOffset + start, length).CopyTo(piece);
            yield return piece.AsMemory(0, length);
        }
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
