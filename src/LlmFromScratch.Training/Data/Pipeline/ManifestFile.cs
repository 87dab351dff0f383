namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>A file that a corpus was made from.</summary>
/// <param name="File">Its name without its folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash in lower-case hexadecimal.</param>
public readonly record struct ManifestFile(string File, long Bytes, string Sha256);
