using System.Globalization;
using System.Text;

namespace LlmFromScratch.Tokenization.Patterns;

/// <summary>
/// A set of code points: what <c>[...]</c>, <c>\p{L}</c> or <c>\s</c> of a pattern stands for. A member is in one of the ranges, has one of the general
/// categories, is a space where <c>\s</c> was named, or is in a part; all of it may be negated and cut with another set (<c>&amp;&amp;</c>).
/// Bytes that are no UTF-8 are seen as U+FFFD.
/// </summary>
internal sealed class CharacterSet
{
    private readonly (int First, int Last)[] _ranges;
    private readonly uint _categories; // bit c: UnicodeCategory c
    private readonly bool _spaces, _negated;
    private readonly CharacterSet[] _parts;
    private readonly CharacterSet? _and;
    private readonly UInt128 _ascii; // bit c: whether code point c is in the set
    private readonly bool[] _isAscii = new bool[256]; // [byte]: the same, where it is asked most

    private CharacterSet((int First, int Last)[] ranges, uint categories, bool spaces, CharacterSet[] parts, bool negated = false, CharacterSet? and = null)
    {
        (_ranges, _categories, _spaces, _parts, _negated, _and) = (ranges, categories, spaces, parts, negated, and);
        for (int code = 0; code < 128; code++)
            if (_isAscii[code] = ContainsSlowly(code)) _ascii |= UInt128.One << code;
    }

    /// <summary>The members below U+0080, one bit each.</summary>
    public UInt128 Ascii => _ascii;

    /// <summary>[256]: for each byte, whether it is a member below U+0080.</summary>
    public ReadOnlySpan<bool> AsciiBytes => _isAscii;

    /// <summary>The code points from first to last.</summary>
    public static CharacterSet Range(int first, int last) => new([(first, last)], 0, spaces: false, []);

    /// <summary>All characters of some general categories.</summary>
    public static CharacterSet Of(params ReadOnlySpan<UnicodeCategory> categories)
    {
        uint bits = 0;
        foreach (UnicodeCategory category in categories) bits |= 1u << (int)category;
        return new([], bits, spaces: false, []);
    }

    /// <summary><c>\s</c>: all characters with the property White_Space.</summary>
    public static CharacterSet Spaces { get; } = new([], 0, spaces: true, []);

    /// <summary><c>.</c>: everything but a line feed.</summary>
    public static CharacterSet NoLineFeed { get; } = Range('\n', '\n').Negate();

    /// <summary>Whatever is in one of the sets.</summary>
    public static CharacterSet Union(params CharacterSet[] parts)
    {
        if (parts.Length == 1) return parts[0];
        // Ranges and categories are put together, so that a class of many members is asked once.
        CharacterSet[] plain = Array.FindAll(parts, part => !part._negated && part._and is null && part._parts.Length == 0);
        return new([.. plain.SelectMany(part => part._ranges)], plain.Aggregate(0u, (bits, part) => bits | part._categories),
            Array.Exists(plain, part => part._spaces), [.. parts.Except(plain)]);
    }

    /// <summary>Whatever is not in this set.</summary>
    public CharacterSet Negate() => new([], 0, spaces: false, [this], negated: true);

    /// <summary>Whatever is in both sets.</summary>
    public CharacterSet Intersect(CharacterSet other) => new([], 0, spaces: false, [this], and: other);

    /// <summary>Whether a code point is in the set.</summary>
    public bool Contains(int code) => (uint)code < 128 ? _isAscii[code] : ContainsSlowly(code);

    private bool ContainsSlowly(int code)
    {
        bool found = (_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(code) & 1) != 0
            || (_spaces && Rune.IsValid(code) && Rune.IsWhiteSpace(new Rune(code)));
        for (int i = 0; !found && i < _ranges.Length; i++) found = code >= _ranges[i].First && code <= _ranges[i].Last;
        for (int i = 0; !found && i < _parts.Length; i++) found = _parts[i].Contains(code);
        return found != _negated && (_and is null || _and.Contains(code));
    }
}
