namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>The check digit of payment cards. Source: ISO/IEC 7812-1, annex B (Luhn 1960).</summary>
public static class LuhnCheck
{
    /// <summary>
    /// Whether the sum of the digits, every second one from the right doubled (and less 9 above 9), is a multiple of ten. Whatever is no digit is skipped.
    /// </summary>
    /// <param name="number">The number, with its spaces and hyphens.</param>
    public static bool Passes(ReadOnlySpan<char> number)
    {
        int sum = 0, position = 0;
        for (int i = number.Length - 1; i >= 0; i--)
        {
            if (!char.IsAsciiDigit(number[i])) continue;
            int digit = number[i] - '0';
            if (position++ % 2 == 1) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
            sum += digit;
        }
        return position > 0 && sum % 10 == 0;
    }
}
