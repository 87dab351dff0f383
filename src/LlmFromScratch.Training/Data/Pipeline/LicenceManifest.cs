using System.Security.Cryptography;
using System.Text.Json;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>What a corpus is made of and under which licences: written beside it, so that whoever trains on it can say what it saw and whom to name.</summary>
/// <param name="File">The corpus's file name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash in lower-case hexadecimal.</param>
/// <param name="Inputs">The files it was made from.</param>
/// <param name="Parts">Documents and bytes of each source and licence, in ordinal order.</param>
public sealed record LicenceManifest(string File, long Bytes, string Sha256, IReadOnlyList<ManifestFile> Inputs, IReadOnlyList<ManifestPart> Parts)
{
    /// <summary>The manifest as JSON; the same corpus gives the same text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PipelineJson.Indented);

    internal static ManifestFile Describe(string path)
    {
        using FileStream stream = System.IO.File.OpenRead(path);
        return new ManifestFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
