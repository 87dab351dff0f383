namespace LlmFromScratch.Training.Data.Fetching;

/// <summary>A file to fetch.</summary>
/// <param name="Address">Where it lies, http or https.</param>
/// <param name="Path">Where it goes.</param>
public sealed record DownloadRequest(Uri Address, string Path)
{
    /// <summary>Its size if it is known.</summary>
    public long? Bytes { get; init; }

    /// <summary>Its hash in lower-case hexadecimal if it is known; otherwise the first fetch pins it in <see cref="PinPath"/>.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where the bytes that have come so far lie.</summary>
    public string PartPath => Path + ".part";

    /// <summary>Which version of the file these bytes belong to.</summary>
    public string StatePath => Path + ".part.json";

    /// <summary>The hash of the first fetch, in the form of sha256sum.</summary>
    public string PinPath => Path + ".sha256";
}
