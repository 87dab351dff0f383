namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>The documents of a corpus that share source and licence.</summary>
/// <param name="Source">The source.</param>
/// <param name="Licence">The SPDX identifier, or null where none was stated and that was allowed.</param>
/// <param name="Documents">How many documents, repeated ones counted each time.</param>
/// <param name="Bytes">Their UTF-8 bytes.</param>
public readonly record struct ManifestPart(string Source, string? Licence, long Documents, long Bytes);
