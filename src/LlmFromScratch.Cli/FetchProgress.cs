using System.Globalization;
using LlmFromScratch.Training.Data.Fetching;
using Spectre.Console;

namespace LlmFromScratch.Cli;

/// <summary>A fetch's bytes, speed and remaining time on standard error; for a terminal.</summary>
internal sealed class FetchProgress : IProgress<DownloadProgress>, IDisposable
{
    private readonly TerminalProgress _line = new("fetching", total: null, new TaskDescriptionColumn(), new ProgressBarColumn(),
        new DownloadedColumn { Culture = CultureInfo.InvariantCulture }, new TransferSpeedColumn { Culture = CultureInfo.InvariantCulture }, new RemainingTimeColumn());
    private long? _first;

    public void Report(DownloadProgress value)
    {
        long first = _first ??= value.Done; // what an earlier fetch left is no speed of this one
        string text = first == 0 ? "fetching" : string.Create(CultureInfo.InvariantCulture, $"fetching what follows {first / 1e6:N1} MB");
        _line.Show(text, value.Done - first, value.Total - first);
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose() => _line.Dispose();
}
