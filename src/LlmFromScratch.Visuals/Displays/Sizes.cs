using System.Globalization;

namespace LlmFromScratch.Visuals.Displays;

/// <summary>Counts and sizes as a reader wants them.</summary>
internal static class Sizes
{
    /// <summary>For example "2,048".</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>For example "96 bytes", "3.6 MB", "1.2 GB": decimal units, three digits at most before the point.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        1 => "1 byte",
        < 10_000 => $"{Count(bytes)} bytes",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB"),
    };
}
