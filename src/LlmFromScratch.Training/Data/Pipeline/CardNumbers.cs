using System.Text;
using System.Text.RegularExpressions;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Finds the numbers of payment cards: 13 to 19 digits that begin with 2 to 6 (ISO/IEC 7812-1), whole groups between single spaces or hyphens, with a right check digit.
/// One number in ten has a right check digit by chance, so that some order numbers go too.
/// </summary>
internal static partial class CardNumbers
{
    private const int LongestNumber = 37; // characters: 19 digits and the marks between them

    public static string Replace(string text, Action<string, long> note)
    {
        long count = 0;
        string replaced = DigitGroups().Replace(text, match => ReplaceInGroups(match.Value, ref count));
        if (count > 0) note(PersonalDataRemoval.Card, count);
        return count > 0 ? replaced : text;
    }

    // Other digits may stand in the same row: every row of whole groups is tried, the longest first.
    private static string ReplaceInGroups(string groups, ref long count)
    {
        StringBuilder kept = new();
        for (int start = 0; start < groups.Length; )
        {
            int end = EndOfCard(groups, start);
            if (end > start)
            {
                kept.Append(PersonalDataRemoval.Card);
                count++;
            }
            else
            {
                end = groups.AsSpan(start).IndexOfAny(' ', '-') is >= 0 and int mark ? start + mark + 1 : groups.Length; // a group and its mark
                kept.Append(groups, start, end - start);
            }
            start = end;
        }
        return kept.ToString();
    }

    // Where the longest card number from here on ends; the start itself when there is none.
    private static int EndOfCard(string groups, int start)
    {
        int end = Math.Min(groups.Length, start + LongestNumber + 1);
        if (end < groups.Length) end = start + Math.Max(0, groups.AsSpan(start, end - start).LastIndexOfAny(' ', '-')); // whole groups
        while (end > start && !IsCard(groups.AsSpan(start, end - start))) end = start + Math.Max(0, groups.AsSpan(start, end - start).LastIndexOfAny(' ', '-'));
        return end;
    }

    private static bool IsCard(ReadOnlySpan<char> groups)
    {
        int digits = 0;
        foreach (char c in groups)
            if (char.IsAsciiDigit(c)) digits++;
        return digits is >= 13 and <= 19 && groups[0] is >= '2' and <= '6' && LuhnCheck.Passes(groups);
    }

    [GeneratedRegex(@"(?<![\d+])\d(?:[ -]?\d){12,}", RegexOptions.CultureInvariant)]
    private static partial Regex DigitGroups();
}
