using System.Buffers.Binary;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// Compares byte arrays by content, so that a dictionary of tokens can be asked with a part of a text, without a copy. The hash takes eight bytes at a time;
/// its key is another in each process, so that nobody can prepare a text whose words all fall into one bucket.
/// </summary>
internal sealed class ByteSequenceComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    // HashCode has a random key of its own; its values of known numbers are therefore random ones.
    private static readonly ulong Start = Random(1), Factor = Random(2) | 1;

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        ulong hash = Start ^ (ulong)alternate.Length;
        for (; alternate.Length > 8; alternate = alternate[8..]) hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(alternate));
        return (int)Mix(hash ^ Tail(alternate));
    }

    // Up to eight bytes as one number; as the length is in the hash already, bytes may be read twice.
    private static ulong Tail(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        8 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        >= 4 => (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes) << 32 | BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]),
        > 0 => (ulong)bytes[0] << 16 | (ulong)bytes[bytes.Length / 2] << 8 | bytes[^1],
        _ => 0,
    };

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    private static ulong Mix(ulong value) => Math.BigMul(value, Factor, out ulong low) ^ low;

    private static ulong Random(int number) => (ulong)(uint)HashCode.Combine(number) << 32 | (uint)HashCode.Combine(number, number);
}
