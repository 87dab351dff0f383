using System.Net.Http.Headers;
using System.Text.Json;
using LlmFromScratch.Formats;

namespace LlmFromScratch.Training.Data.Fetching;

/// <summary>Which version of which file the bytes of a .part file belong to, as the server named it: what decides whether more bytes may be added to them.</summary>
/// <param name="Address">The address they came from.</param>
/// <param name="EntityTag">The server's ETag, or null.</param>
/// <param name="LastModified">The server's Last-Modified, or null.</param>
/// <param name="Bytes">The size of the whole file, or null where the server did not say.</param>
internal sealed record PartState(string Address, string? EntityTag, DateTimeOffset? LastModified, long? Bytes)
{
    public static PartState Of(string address, HttpResponseMessage response) =>
        new(address, response.Headers.ETag?.ToString(), response.Content.Headers.LastModified, response.Content.Headers.ContentLength);

    /// <summary>The state beside a .part file, or null where there is none that can be trusted.</summary>
    public static PartState? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<PartState>(File.ReadAllText(path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null; // the fetch begins anew
        }
    }

    public void Write(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this));

    /// <summary>Asks for the bytes from an offset on, if the file is still the same (RFC 9110, sections 13.1.5 and 14.2).</summary>
    /// <returns>Whether it could ask: without a validator nobody knows whether two parts belong together.</returns>
    public bool TryAskForRest(HttpRequestMessage request, long offset)
    {
        if (EntityTag is not null && EntityTagHeaderValue.TryParse(EntityTag, out EntityTagHeaderValue? tag))
        {
            if (!tag.IsWeak) request.Headers.IfRange = new RangeConditionHeaderValue(tag); // a weak one never matches there; IsSameVersion compares it
        }
        else if (LastModified is DateTimeOffset time) request.Headers.IfRange = new RangeConditionHeaderValue(time);
        else return false;
        request.Headers.Range = new RangeHeaderValue(offset, null);
        return true;
    }

    /// <summary>Whether a partial answer names the same version, as far as it names one.</summary>
    public bool IsSameVersion(HttpResponseMessage response) =>
        (response.Headers.ETag is not EntityTagHeaderValue tag || tag.ToString() == EntityTag)
        && (response.Content.Headers.ContentRange?.Length is not long length || Bytes is null || length == Bytes);
}
