using System.Text;

namespace LlmFromScratch.Training.Data;

/// <summary>Writes a file of generated documents: whole ones, up to a size, under its name only when it is complete.</summary>
internal static class CorpusFile
{
    private const int ReportEveryBytes = 1 << 18;

    /// <summary>Writes documents until the file has at least <paramref name="bytes"/> bytes.</summary>
    /// <param name="path">The file to make; its folder exists.</param>
    /// <param name="bytes">The least size, at least 1.</param>
    /// <param name="next">Makes a document, its end included; told how many bytes stand already.</param>
    /// <param name="progress">Told the bytes written so far, about every 256 KiB and at the end.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind then.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is below 1.</exception>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public static void Write(string path, long bytes, Func<long, string> next, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        string partial = path + ".partial";
        try
        {
            using (FileStream file = new(partial, FileMode.Create, FileAccess.Write))
            {
                long reported = 0;
                for (long written = 0; written < bytes;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    byte[] document = Encoding.UTF8.GetBytes(next(written));
                    file.Write(document);
                    written += document.Length;
                    if (written - reported < ReportEveryBytes && written < bytes) continue;
                    progress?.Report(written);
                    reported = written;
                }
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial); // does nothing after the rename
        }
    }
}
