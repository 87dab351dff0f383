namespace LlmFromScratch.Formats;

/// <summary>Files that are whole or absent: written beside the target, flushed to the disk, renamed over it.</summary>
internal static class AtomicFile
{
    /// <summary>Whoever opens <paramref name="path"/> finds the old file or the whole new one, also after a crash or a cancelled write.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string partial = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial); // there only when writing failed; Delete does nothing otherwise
        }
    }
}
