using System.Diagnostics;
using System.Globalization;
using LlmFromScratch.Training.Data.Fetching;

namespace LlmFromScratch.Cli;

/// <summary>A fetch's bytes, share and speed on one line of standard error, a few times a second; for a terminal.</summary>
internal sealed class FetchProgress : IProgress<DownloadProgress>
{
    private const double Interval = 0.2; // seconds

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long? _first;
    private double _shown = -Interval;
    private int _width;

    public void Report(DownloadProgress value)
    {
        double now = _clock.Elapsed.TotalSeconds;
        _first ??= value.Done; // what an earlier fetch left is no speed of this one
        if (now - _shown < Interval) return;
        _shown = now;
        string share = value.Total is long total and > 0
            ? string.Create(CultureInfo.InvariantCulture, $" of {total / 1e6:N1} MB ({100.0 * value.Done / total:F0} %)")
            : " MB";
        string line = string.Create(CultureInfo.InvariantCulture, $"{value.Done / 1e6:N1}{share}, {(value.Done - _first.Value) / 1e6 / Math.Max(now, 0.001):F1} MB/s");
        Console.Error.Write('\r' + line.PadRight(_width));
        _width = line.Length;
    }

    /// <summary>Wipes the line.</summary>
    public void Clear() => Console.Error.Write('\r' + new string(' ', _width) + '\r');
}
