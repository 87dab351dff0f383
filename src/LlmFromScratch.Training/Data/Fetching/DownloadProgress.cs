namespace LlmFromScratch.Training.Data.Fetching;

/// <summary>How far a fetch is.</summary>
/// <param name="Done">Bytes that are there.</param>
/// <param name="Total">All bytes, or null where the server did not say.</param>
public readonly record struct DownloadProgress(long Done, long? Total);
