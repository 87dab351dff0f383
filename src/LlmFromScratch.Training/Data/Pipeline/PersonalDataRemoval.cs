using System.Net;
using System.Text.RegularExpressions;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Replaces what points at a person by a placeholder that says what stood there: e-mail addresses, numbers of payment cards (13 to 19 digits whose check digit is right),
/// IP addresses (4 and 6), phone numbers. Years, dates, sums of money and version numbers of three parts stay. Numbers without any mark of a phone (a +, a leading 0,
/// brackets, or the groups 3-3-4) stay too: most of them are none.
/// </summary>
public sealed partial class PersonalDataRemoval : IDocumentStage
{
    /// <summary>What an e-mail address becomes.</summary>
    public const string Email = "<EMAIL>";

    /// <summary>What the number of a payment card becomes.</summary>
    public const string Card = "<CARD>";

    /// <summary>What an IP address becomes.</summary>
    public const string IpAddress = "<IP>";

    /// <summary>What a phone number becomes.</summary>
    public const string Phone = "<PHONE>";

    /// <inheritdoc/>
    public string Name => "personal data";

    /// <inheritdoc/>
    public Document? Apply(Document document, FunnelRow row)
    {
        string text = Remove(document.Text, row.Note);
        return ReferenceEquals(text, document.Text) ? document : document with { Text = text };
    }

    /// <summary>The text with its personal data replaced; the same string when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="note">Told each placeholder and how often it was put in; not called for 0.</param>
    public static string Remove(string text, Action<string, long> note)
    {
        if (text.AsSpan().IndexOfAnyInRange('0', '9') < 0 && !text.Contains('@') && !text.Contains("::", StringComparison.Ordinal)) return text;
        if (text.Contains('@')) text = Replace(EmailPattern(), text, Email, _ => true, note);
        text = CardNumbers.Replace(text, note);
        text = Replace(IpPattern(), text, IpAddress, candidate => IPAddress.TryParse(candidate, out _), note);
        return Replace(PhonePattern(), text, Phone, HasDigitsOfAPhone, note);
    }

    private static string Replace(Regex pattern, string text, string placeholder, Predicate<string> isOne, Action<string, long> note)
    {
        long count = 0;
        string replaced = pattern.Replace(text, match =>
        {
            if (!isOne(match.Value)) return match.Value;
            count++;
            return placeholder;
        });
        if (count == 0) return text;
        note(placeholder, count);
        return replaced;
    }

    // ITU-T E.164: at most 15 digits; fewer than 7 are no subscriber's number.
    private static bool HasDigitsOfAPhone(string candidate) => candidate.Count(char.IsAsciiDigit) is >= 7 and <= 17;

    // Local part of up to 64 letters (RFC 5321), @, labels of up to 63, a last label of letters.
    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}._%+'-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}{2,63}", RegexOptions.CultureInvariant)]
    private static partial Regex EmailPattern();

    // Four numbers up to 255, or hexadecimal groups with at least two colons; IPAddress.TryParse decides about the latter.
    [GeneratedRegex(@"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d]|\.\d)"
        + @"|(?<![\p{L}\p{N}:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![\p{L}\p{N}:])", RegexOptions.CultureInvariant)]
    private static partial Regex IpPattern();

    // +49 30 1234567, 0049 ..., (030) 123 456, 030/1234567, 01632 960 001, 555-123-4567: one mark between groups of digits, or a space and one.
    [GeneratedRegex(@"(?<![\p{L}\p{N}+])(?:(?:\+|00)[1-9]\d{0,3}(?:[ ./-]{0,2}\(?\d{1,6}\)?){2,6}"
        + @"|\((?:0\d{1,5}|\d{3})\)(?:[ ./-]{0,2}\d{2,8}){1,4}|0\d{2,5}(?:[ ./-]{1,2}\d{2,8}){1,4}|0\d{8,13}|\d{3}[ .-]\d{3}[ .-]\d{4})(?![\p{L}\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex PhonePattern();
}
