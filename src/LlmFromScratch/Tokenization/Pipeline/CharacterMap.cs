using System.Buffers.Binary;
using System.Text;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>
/// SentencePiece's precompiled character map: the longest prefix that the map knows is replaced. A map is a double array (a tree in one array, found by
/// xor: Aoe 1989; Kanda 2018 for the packed form of darts-clone) followed by the replacements, each ended by a zero byte. A node packs the offset to its children in bits 10 to 30
/// (times 256 if bit 9 is set), whether a value hangs below it in bit 8 and its own byte in bits 0 to 7; a value has bit 31 set.
/// </summary>
internal sealed class CharacterMap : TextNormalizer
{
    private readonly uint[] _nodes;
    private readonly byte[] _replacements;

    /// <exception cref="InvalidDataException">Not the form of a map, or it points outside itself.</exception>
    public CharacterMap(string source, ReadOnlySpan<byte> map)
    {
        uint size = map.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(map) : uint.MaxValue;
        if (size > map.Length - 4 || size % 4 != 0 || size == 0) throw new InvalidDataException(
            $"{source}: precompiled character map of {map.Length} bytes: expected a tree that fits in, whole 4-byte nodes, got {size} bytes.");
        _nodes = new uint[size / 4];
        for (int i = 0; i < _nodes.Length; i++) _nodes[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + 4 * i)..]);
        _replacements = map[(4 + (int)size)..].ToArray();
        if (_replacements.Length > 0 && _replacements[^1] != 0)
            throw new InvalidDataException($"{source}: precompiled character map: expected a zero byte at the end of the last replacement.");
    }

    protected override AlignedText Normalize(AlignedText piece)
    {
        AlignedTextBuilder result = new(piece.Length);
        ReadOnlySpan<byte> text = piece.Bytes;
        for (int at = 0, length; at < text.Length; at += length)
        {
            if (TryFind(text[at..], out length, out int replacement))
            {
                ReadOnlySpan<byte> rest = _replacements.AsSpan(replacement);
                result.Append(rest[..rest.IndexOf((byte)0)], piece, at, at + length);
            }
            else if (Rune.DecodeFromUtf8(text[at..], out _, out length) == System.Buffers.OperationStatus.Done) result.Copy(piece, at, at + length);
            else result.Append("\uFFFD"u8, piece, at, at + (length = 1));
        }
        return result.ToText();
    }

    private bool TryFind(ReadOnlySpan<byte> text, out int length, out int replacement)
    {
        (length, replacement) = (0, 0);
        uint node = Offset(_nodes[0]);
        for (int i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            if (node >= _nodes.Length || (_nodes[node] & (0x80000000 | 0xFF)) != text[i]) break;
            bool hasValue = (_nodes[node] >> 8 & 1) != 0;
            node ^= Offset(_nodes[node]);
            if (!hasValue) continue;
            uint value = node < _nodes.Length ? _nodes[node] & 0x7FFFFFFF : uint.MaxValue;
            if (value < _replacements.Length) (length, replacement) = (i + 1, (int)value);
        }
        return length > 0;
    }

    private static uint Offset(uint node) => node >> 10 << (int)((node & 1 << 9) >> 6);
}
