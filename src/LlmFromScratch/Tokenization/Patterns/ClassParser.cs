using System.Globalization;
using System.Text;
using static System.Globalization.UnicodeCategory;

namespace LlmFromScratch.Tokenization.Patterns;

/// <summary>Reads what stands for one character in a pattern: a literal, an escape, a property or a class in brackets.</summary>
internal sealed class ClassParser(string pattern, bool ignoreCase)
{
    private static readonly UnicodeCategory[] Letters = [UppercaseLetter, LowercaseLetter, TitlecaseLetter, ModifierLetter, OtherLetter];
    private static readonly UnicodeCategory[] Marks = [NonSpacingMark, SpacingCombiningMark, EnclosingMark];

    private static readonly Dictionary<string, CharacterSet> Properties = new()
    {
        ["L"] = CharacterSet.Of(Letters), ["M"] = CharacterSet.Of(Marks),
        ["N"] = CharacterSet.Of(DecimalDigitNumber, LetterNumber, OtherNumber),
        ["P"] = CharacterSet.Of(ConnectorPunctuation, DashPunctuation, OpenPunctuation, ClosePunctuation, InitialQuotePunctuation, FinalQuotePunctuation, OtherPunctuation),
        ["S"] = CharacterSet.Of(MathSymbol, CurrencySymbol, ModifierSymbol, OtherSymbol),
        ["Z"] = CharacterSet.Of(SpaceSeparator, LineSeparator, ParagraphSeparator),
        ["C"] = CharacterSet.Of(Control, Format, Surrogate, PrivateUse, OtherNotAssigned),
        ["Lu"] = CharacterSet.Of(UppercaseLetter), ["Ll"] = CharacterSet.Of(LowercaseLetter), ["Lt"] = CharacterSet.Of(TitlecaseLetter),
        ["Lm"] = CharacterSet.Of(ModifierLetter), ["Lo"] = CharacterSet.Of(OtherLetter), ["Mn"] = CharacterSet.Of(NonSpacingMark),
        ["Mc"] = CharacterSet.Of(SpacingCombiningMark), ["Me"] = CharacterSet.Of(EnclosingMark), ["Nd"] = CharacterSet.Of(DecimalDigitNumber),
        ["Nl"] = CharacterSet.Of(LetterNumber), ["No"] = CharacterSet.Of(OtherNumber), ["Pc"] = CharacterSet.Of(ConnectorPunctuation),
        ["Pd"] = CharacterSet.Of(DashPunctuation), ["Ps"] = CharacterSet.Of(OpenPunctuation), ["Pe"] = CharacterSet.Of(ClosePunctuation),
        ["Pi"] = CharacterSet.Of(InitialQuotePunctuation), ["Pf"] = CharacterSet.Of(FinalQuotePunctuation), ["Po"] = CharacterSet.Of(OtherPunctuation),
        ["Sm"] = CharacterSet.Of(MathSymbol), ["Sc"] = CharacterSet.Of(CurrencySymbol), ["Sk"] = CharacterSet.Of(ModifierSymbol),
        ["So"] = CharacterSet.Of(OtherSymbol), ["Zs"] = CharacterSet.Of(SpaceSeparator), ["Zl"] = CharacterSet.Of(LineSeparator),
        ["Zp"] = CharacterSet.Of(ParagraphSeparator), ["Cc"] = CharacterSet.Of(Control), ["Cf"] = CharacterSet.Of(Format),
        ["Han"] = CharacterSet.Union( // Script=Han, Unicode 16
            CharacterSet.Range(0x2E80, 0x2E99), CharacterSet.Range(0x2E9B, 0x2EF3), CharacterSet.Range(0x2F00, 0x2FD5), CharacterSet.Range(0x3005, 0x3005),
            CharacterSet.Range(0x3007, 0x3007), CharacterSet.Range(0x3021, 0x3029), CharacterSet.Range(0x3038, 0x303B), CharacterSet.Range(0x3400, 0x4DBF),
            CharacterSet.Range(0x4E00, 0x9FFF), CharacterSet.Range(0xF900, 0xFA6D), CharacterSet.Range(0xFA70, 0xFAD9), CharacterSet.Range(0x16FE2, 0x16FE3),
            CharacterSet.Range(0x16FF0, 0x16FF1), CharacterSet.Range(0x20000, 0x2A6DF), CharacterSet.Range(0x2A700, 0x2B739), CharacterSet.Range(0x2B740, 0x2B81D),
            CharacterSet.Range(0x2B820, 0x2CEA1), CharacterSet.Range(0x2CEB0, 0x2EBE0), CharacterSet.Range(0x2EBF0, 0x2EE5D), CharacterSet.Range(0x2F800, 0x2FA1D),
            CharacterSet.Range(0x30000, 0x3134A), CharacterSet.Range(0x31350, 0x323AF)),
    };

    /// <summary><c>\w</c>: letters, marks, decimal digits, connectors.</summary>
    public static CharacterSet WordCharacters { get; } = CharacterSet.Of([.. Letters, .. Marks, DecimalDigitNumber, ConnectorPunctuation]);

    /// <summary>A literal or an escape at <paramref name="at"/>.</summary>
    public CharacterSet ParseOne(ref int at)
    {
        int code = ReadCode(ref at, out CharacterSet? set);
        return set ?? Fold(code, code);
    }

    /// <summary>A class at <paramref name="at"/>, which is its '['.</summary>
    public CharacterSet ParseClass(ref int at)
    {
        at++;
        bool negated = at < pattern.Length && pattern[at] == '^';
        if (negated) at++;
        List<CharacterSet> parts = [];
        CharacterSet? and = null;
        for (bool isFirst = true; at < pattern.Length && (pattern[at] != ']' || isFirst); isFirst = false)
        {
            if (string.CompareOrdinal(pattern, at, "&&", 0, 2) == 0)
            {
                at += 2;
                and = ParseIntersected(ref at);
                break;
            }
            parts.Add(ParseMember(ref at));
        }
        if (at >= pattern.Length) throw Refuse(at, "a class without ']'");
        at++;
        CharacterSet set = parts.Count == 0 ? CharacterSet.Range(1, 0) : CharacterSet.Union([.. parts]);
        if (and is not null) set = set.Intersect(and);
        return negated ? set.Negate() : set;
    }

    // Behind && stands the rest of the class: [a-z&&[^q]] or [a-z&&b-y].
    private CharacterSet ParseIntersected(ref int at)
    {
        List<CharacterSet> parts = [];
        while (at < pattern.Length && pattern[at] != ']') parts.Add(ParseMember(ref at));
        return CharacterSet.Union([.. parts]);
    }

    private CharacterSet ParseMember(ref int at)
    {
        if (string.CompareOrdinal(pattern, at, "[:", 0, 2) == 0) throw Refuse(at, "a class in the form [:name:]");
        if (pattern[at] == '[') return ParseClass(ref at);
        int first = ReadCode(ref at, out CharacterSet? set);
        if (set is not null) return set;
        if (at + 1 >= pattern.Length || pattern[at] != '-' || pattern[at + 1] == ']') return Fold(first, first);
        int dash = at++;
        int last = ReadCode(ref at, out set);
        return set is null && last >= first ? Fold(first, last) : throw Refuse(dash, "this range");
    }

    // One code point, or the set that an escape such as \p{L} stands for.
    private int ReadCode(ref int at, out CharacterSet? set)
    {
        set = null;
        if (pattern[at] != '\\')
        {
            Rune rune = Rune.GetRuneAt(pattern, at);
            at += rune.Utf16SequenceLength;
            return rune.Value;
        }
        if (at + 1 >= pattern.Length) throw Refuse(at, "a '\\' at the end");
        int start = at;
        char name = pattern[at + 1];
        at += 2;
        set = name switch
        {
            's' => CharacterSet.Spaces, 'S' => CharacterSet.Spaces.Negate(), 'd' => Properties["Nd"], 'D' => Properties["Nd"].Negate(),
            'w' => WordCharacters, 'W' => WordCharacters.Negate(), 'p' or 'P' => ReadProperty(ref at, name == 'P'), _ => null,
        };
        if (set is not null) return 0;
        return name switch
        {
            'n' => '\n', 'r' => '\r', 't' => '\t', 'f' => '\f', 'v' => '\v', '0' => 0, 'a' => '\a', 'e' => 0x1B,
            'u' => ReadHexadecimal(ref at, 4), 'U' => ReadHexadecimal(ref at, 8), 'x' => ReadHexadecimal(ref at, 2),
            _ when char.IsAsciiLetterOrDigit(name) => throw Refuse(start, $"'\\{name}'"),
            _ => name,
        };
    }

    private CharacterSet ReadProperty(ref int at, bool negated)
    {
        int start = at - 2, end = at < pattern.Length && pattern[at] == '{' ? pattern.IndexOf('}', at) : at;
        if (end < 0 || at >= pattern.Length) throw Refuse(start, "a property without '}'");
        string name = pattern[at] == '{' ? pattern[(at + 1)..end] : pattern[at].ToString();
        at = end + 1;
        if (name.StartsWith('^')) (negated, name) = (!negated, name[1..]);
        if (name.StartsWith("Script=", StringComparison.Ordinal)) name = name["Script=".Length..];
        if (!Properties.TryGetValue(name, out CharacterSet? set)) throw Refuse(start, $"the property '{name}'");
        return negated ? set.Negate() : set;
    }

    private int ReadHexadecimal(ref int at, int digits)
    {
        int end = at + digits, start = at;
        if (at < pattern.Length && pattern[at] == '{') (at, end) = (at + 1, pattern.IndexOf('}', at));
        if (end < at || end > pattern.Length || !int.TryParse(pattern.AsSpan(at, end - at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            || !Rune.IsValid(code)) throw Refuse(start, "this hexadecimal number");
        at = pattern.AsSpan(end).StartsWith("}") && pattern[start] == '{' ? end + 1 : end;
        return code;
    }

    // Small and capital letters alike; the long s and the kelvin sign fold to s and k in Unicode.
    private CharacterSet Fold(int first, int last)
    {
        CharacterSet set = CharacterSet.Range(first, last);
        if (!ignoreCase) return set;
        List<CharacterSet> parts = [set];
        for (int code = first; code <= last && code - first < 1000; code++)
        {
            if (!Rune.IsValid(code)) continue;
            foreach (int other in (ReadOnlySpan<int>)[Rune.ToLowerInvariant(new Rune(code)).Value, Rune.ToUpperInvariant(new Rune(code)).Value])
                if (other != code) parts.Add(CharacterSet.Range(other, other));
            if (code is 's' or 'S') parts.Add(CharacterSet.Range(0x17F, 0x17F));
            if (code is 'k' or 'K') parts.Add(CharacterSet.Range(0x212A, 0x212A));
        }
        return CharacterSet.Union([.. parts]);
    }

    private NotSupportedException Refuse(int at, string what) => new($"Pattern '{pattern}', character {at}: {what} is not supported.");
}
