using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>The two binary16 numbers of a block, as bits: <c>value = d · (...) - m · (...)</c>.</summary>
internal readonly record struct BlockScale(ushort D, ushort M = 0)
{
    /// <summary>Most groups a block.</summary>
    public const int MostGroups = 16;

    /// <summary>Of a block that starts with d and a minimum that is added: taking -minimum away adds it.</summary>
    public static BlockScale OfMinimum(ReadOnlySpan<byte> block) =>
        new(BinaryPrimitives.ReadUInt16LittleEndian(block), (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(block[2..]) ^ 0x8000));
}
