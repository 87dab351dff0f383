namespace LlmFromScratch.Training.Data.Fetching;

/// <summary>What a fetch came to.</summary>
/// <param name="Bytes">The file's size.</param>
/// <param name="Sha256">Its hash in lower-case hexadecimal.</param>
/// <param name="AlreadyThere">The file was there and had the right hash; nothing was fetched.</param>
/// <param name="NewlyPinned">No hash was known, and this one was pinned.</param>
public readonly record struct DownloadResult(long Bytes, string Sha256, bool AlreadyThere, bool NewlyPinned);
