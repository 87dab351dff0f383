using System.Buffers.Binary;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Tests.Formats.Hostile;

/// <summary>
/// Damages the start of a file as an attacker or a bad disk would: bits, bytes, numbers at the borders of their types (often where a length or a
/// count seems to stand), pieces cut out, put in or copied over others, the end cut off. The same seed gives the same mutants on every machine.
/// </summary>
internal sealed class Mutator(ulong seed)
{
    private static readonly ulong[] Borders =
    [
        0, 1, 2, 7, 8, 9, 15, 31, 32, 33, 255, 256, 65535, 65536, int.MaxValue, 1ul << 31, uint.MaxValue, 1ul << 32, 1ul << 60, 1ul << 61, 1ul << 62,
        long.MaxValue, 1ul << 63, ulong.MaxValue - 31, ulong.MaxValue - 7, ulong.MaxValue,
    ];

    private static readonly byte[] Json = [.. "00123456789-.eE,:[]{}\"\\ "u8];

    private readonly SeededRandom _random = new(seed);

    /// <summary>One to three changes; <c>IsCut</c> says that the mutant ends where the file is to end.</summary>
    public (byte[] Bytes, bool IsCut) Mutate(byte[] original)
    {
        byte[] bytes = [.. original];
        bool isCut = false;
        for (int changes = 1 + _random.NextInt(3); changes > 0 && bytes.Length > 0; changes--)
        {
            int at = _random.NextInt(bytes.Length);
            switch (_random.NextInt(10))
            {
                case 0: bytes[at] ^= (byte)(1 << _random.NextInt(8)); break;
                case 1: bytes[at] = (byte)_random.NextInt(256); break;
                case 2: bytes[at] = (byte)_random.NextInt(16); break;
                case 8: bytes[at] = Json[_random.NextInt(Json.Length)]; break;
                case 3: WriteNumber(bytes, at, sizeof(uint)); break;
                case 4: WriteNumber(bytes, at, sizeof(ulong)); break;
                case 5: WriteNumber(bytes, NearbyLength(bytes, at), sizeof(ulong)); break;
                case 6: CopyPiece(bytes, at); break;
                case 7: bytes = _random.NextInt(2) == 0 ? [.. bytes[..at], .. bytes[Math.Min(at + 1 + _random.NextInt(16), bytes.Length)..]]
                    : [.. bytes[..at], .. Enumerable.Range(0, 1 + _random.NextInt(16)).Select(_ => (byte)_random.NextInt(256)), .. bytes[at..]]; break;
                default: (bytes, isCut) = (bytes[..at], true); break;
            }
        }
        return (bytes, isCut);
    }

    private void WriteNumber(byte[] bytes, int at, int size)
    {
        ulong number = _random.NextInt(4) == 0 ? (ulong)bytes.Length + (ulong)_random.NextInt(64) - 32 : Borders[_random.NextInt(Borders.Length)];
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(eight, number);
        eight[..Math.Min(size, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
    }

    // Eight bytes of which the upper five are zero look like a length, a count, a size or an offset.
    private static int NearbyLength(byte[] bytes, int at)
    {
        for (int i = at; i + sizeof(ulong) <= bytes.Length; i++)
            if (bytes[i] != 0 && bytes.AsSpan(i + 3, 5).IndexOfAnyExcept((byte)0) < 0) return i;
        return at;
    }

    private void CopyPiece(byte[] bytes, int to)
    {
        int from = _random.NextInt(bytes.Length);
        bytes.AsSpan(from, Math.Min(1 + _random.NextInt(48), bytes.Length - Math.Max(from, to))).CopyTo(bytes.AsSpan(to));
    }
}
