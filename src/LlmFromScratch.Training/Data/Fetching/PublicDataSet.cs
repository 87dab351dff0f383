namespace LlmFromScratch.Training.Data.Fetching;

/// <summary>A file of text that others publish.</summary>
/// <param name="Name">What <c>llmfs data fetch</c> calls it.</param>
/// <param name="Description">What it is, in a few words, with its source.</param>
/// <param name="Address">Where it lies.</param>
/// <param name="FileName">Its name in data/cache.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash in lower-case hexadecimal.</param>
/// <param name="Licence">Its licence, an SPDX identifier.</param>
public sealed record PublicDataSet(string Name, string Description, Uri Address, string FileName, long Bytes, string Sha256, string Licence);
