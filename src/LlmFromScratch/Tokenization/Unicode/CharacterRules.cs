using System.Globalization;
using System.Text;

namespace LlmFromScratch.Tokenization.Unicode;

/// <summary>The rules by which published tokenizers change single characters: rows for <see cref="CharacterNormalizer"/>.</summary>
internal static class CharacterRules
{
    /// <summary>Small letters. The capital I with a dot becomes two characters, as Unicode's full mapping says.</summary>
    public static void Lowercase(Rune rune, List<Rune> result)
    {
        result.Add(rune.Value == 0x130 ? new Rune('i') : Rune.ToLowerInvariant(rune));
        if (rune.Value == 0x130) result.Add(new Rune(0x307));
    }

    /// <summary>Drops marks that take no room of their own; after NFD these are the accents.</summary>
    public static void DropAccents(Rune rune, List<Rune> result)
    {
        if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) result.Add(rune);
    }

    /// <summary>llama.cpp's way to strip accents: of a decomposition only the first character is kept, and no mark of any kind.</summary>
    public static void KeepFirstOfDecomposition(Rune rune, List<Rune> result)
    {
        List<int> parts = [];
        UnicodeData.Instance.Decompose(rune.Value, compatibility: false, parts);
        Rune first = new(parts[0]);
        if (!IsMark(first)) result.Add(first);
    }

    /// <summary>BERT: no control characters, NUL or U+FFFD; every kind of space is a space.</summary>
    public static void CleanText(Rune rune, List<Rune> result)
    {
        if (Rune.IsWhiteSpace(rune)) result.Add(new Rune(' '));
        else if (rune.Value is not (0 or 0xFFFD)
            && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse)) result.Add(rune);
    }

    /// <summary>BERT: every Chinese character is a word of its own.</summary>
    public static void SpaceChinese(Rune rune, List<Rune> result)
    {
        if (!IsChinese(rune.Value))
        {
            result.Add(rune);
            return;
        }
        result.AddRange([new Rune(' '), rune, new Rune(' ')]);
    }

    /// <summary>What BERT calls punctuation: Unicode's, and every sign of ASCII.</summary>
    public static bool IsBertPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is >= '!' and <= '/' or >= ':' and <= '@' or >= '[' and <= '`' or >= '{' and <= '~'
        : Rune.GetUnicodeCategory(rune) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark;

    // The ranges of BERT's tokenization.py, with 0x2B920 for 0x2B820 as Hugging Face's tokenizers and llama.cpp have it.
    private static bool IsChinese(int code) => code is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF
        or >= 0x2A700 and <= 0x2B73F or >= 0x2B740 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;
}
