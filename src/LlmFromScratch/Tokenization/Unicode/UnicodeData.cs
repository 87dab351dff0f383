using System.Globalization;

namespace LlmFromScratch.Tokenization.Unicode;

/// <summary>
/// How characters decompose and compose, from normalization.txt beside this file (the Unicode Character Database). Here because a program without
/// ICU, as this library's own (InvariantGlobalization), has a string.Normalize that changes nothing; and because the same version everywhere gives
/// the same ids everywhere. Hangul is computed: The Unicode Standard, section 3.12.
/// </summary>
internal sealed class UnicodeData
{
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TailFirst = 0x11A7, Vowels = 21, Tails = 28, Syllables = 19 * Vowels * Tails;

    private readonly Dictionary<int, (int[] Parts, bool IsCompatibility)> _decompositions = [];
    private readonly Dictionary<(int, int), int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly HashSet<int> _seconds = []; // characters that some pair ends in

    private UnicodeData()
    {
        using Stream stream = typeof(UnicodeData).Assembly.GetManifestResourceStream("normalization.txt")
            ?? throw new InvalidOperationException("The library lacks its resource normalization.txt; was it built without it?");
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#')) Add(line);
    }

    /// <summary>The tables; read at the first use.</summary>
    public static UnicodeData Instance { get; } = new();

    /// <summary>The canonical combining class: 0 for characters that marks stand on.</summary>
    public int Class(int code) => _classes.GetValueOrDefault(code);

    /// <summary>Whether a character can become one with the character before it.</summary>
    public bool CanJoinBefore(int code) => _seconds.Contains(code) || code is >= VowelFirst and < VowelFirst + Vowels or > TailFirst and < TailFirst + Tails;

    /// <summary>Appends the full decomposition of a character.</summary>
    public void Decompose(int code, bool compatibility, List<int> result)
    {
        int syllable = code - HangulFirst;
        if (syllable is >= 0 and < Syllables)
        {
            result.Add(LeadFirst + syllable / (Vowels * Tails));
            result.Add(VowelFirst + syllable / Tails % Vowels);
            if (syllable % Tails != 0) result.Add(TailFirst + syllable % Tails);
        }
        else if (_decompositions.TryGetValue(code, out (int[] Parts, bool IsCompatibility) entry) && (compatibility || !entry.IsCompatibility))
        {
            foreach (int part in entry.Parts) Decompose(part, compatibility, result);
        }
        else result.Add(code);
    }

    /// <summary>The character that two make, or -1.</summary>
    public int Compose(int first, int second)
    {
        if (first is >= LeadFirst and < LeadFirst + 19 && second is >= VowelFirst and < VowelFirst + Vowels)
            return HangulFirst + ((first - LeadFirst) * Vowels + second - VowelFirst) * Tails;
        int syllable = first - HangulFirst;
        if (syllable is >= 0 and < Syllables && syllable % Tails == 0 && second is > TailFirst and < TailFirst + Tails) return first + second - TailFirst;
        return _compositions.GetValueOrDefault((first, second), -1);
    }

    private void Add(string line)
    {
        if (line.StartsWith('@'))
        {
            int space = line.IndexOf(' '), dash = line.IndexOf('-');
            byte combiningClass = byte.Parse(line.AsSpan(1, space - 1), CultureInfo.InvariantCulture);
            for (int marked = Hexadecimal(line[(space + 1)..dash]), last = Hexadecimal(line[(dash + 1)..]); marked <= last; marked++) _classes[marked] = combiningClass;
            return;
        }
        int sign = line.IndexOfAny(['=', '!', '~']);
        int code = Hexadecimal(line[..sign]);
        int[] parts = Array.ConvertAll(line[(sign + 1)..].Split(' '), Hexadecimal);
        _decompositions.Add(code, (parts, line[sign] == '~'));
        if (line[sign] != '=') return;
        _compositions.Add((parts[0], parts[1]), code);
        _seconds.Add(parts[1]);
    }

    private static int Hexadecimal(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
