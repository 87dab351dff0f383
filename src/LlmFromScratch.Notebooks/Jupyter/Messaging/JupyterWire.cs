using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmFromScratch.Notebooks.Jupyter.Messaging;

/// <summary>
/// Messages to parts and back: identities, the delimiter, an HMAC-SHA256 over header, parent header, metadata and content, then those four
/// ("The wire protocol" in Jupyter's messaging documentation). A message whose signature is not made with the key is not read.
/// </summary>
internal sealed class JupyterWire
{
    private const int SignedParts = 4;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly byte[] NoMetadata = "{}"u8.ToArray();

    private readonly byte[] _key;
    private readonly string _session = Guid.NewGuid().ToString();

    /// <summary>A wire whose messages are signed with <paramref name="key"/>.</summary>
    public JupyterWire(string key) => _key = Encoding.UTF8.GetBytes(key);

    /// <summary>The parts of a message to send.</summary>
    /// <param name="identities">Where it goes; none for a broadcast.</param>
    /// <param name="type">Its type.</param>
    /// <param name="parent">The header of the request that it answers, or null.</param>
    /// <param name="content">What the type defines.</param>
    public IReadOnlyList<byte[]> Write(IReadOnlyList<byte[]> identities, string type, JsonObject? parent, JsonObject content)
    {
        JsonObject header = new()
        {
            ["msg_id"] = Guid.NewGuid().ToString(), ["session"] = _session, ["username"] = "kernel",
            ["date"] = DateTimeOffset.UtcNow.ToString("O"), ["msg_type"] = type, ["version"] = JupyterKernel.ProtocolVersion,
        };
        byte[][] signed = [Bytes(header), parent is null ? NoMetadata : Bytes(parent), NoMetadata, Bytes(content)];
        return [.. identities, Delimiter, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Sign(signed))), .. signed];
    }

    /// <summary>Reads a message, or says why not.</summary>
    public JupyterMessage? Read(List<byte[]> parts, out string? refusal)
    {
        refusal = null;
        int delimiter = parts.FindIndex(part => part.AsSpan().SequenceEqual(Delimiter));
        if (delimiter < 0 || parts.Count < delimiter + 2 + SignedParts)
        {
            refusal = $"expected identities, {Encoding.ASCII.GetString(Delimiter)}, a signature and {SignedParts} parts; got {parts.Count} parts.";
            return null;
        }
        List<byte[]> signed = parts.GetRange(delimiter + 2, SignedParts);
        byte[] expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Sign(signed)));
        if (!CryptographicOperations.FixedTimeEquals(expected, parts[delimiter + 1]))
        {
            refusal = "its signature is not made with this kernel's key.";
            return null;
        }
        try
        {
            if (JsonNode.Parse(signed[0]) is JsonObject header && JsonNode.Parse(signed[3]) is JsonObject content)
                return new JupyterMessage(parts.GetRange(0, delimiter), header, content);
            refusal = "expected header and content to be JSON objects.";
        }
        catch (JsonException exception)
        {
            refusal = $"header or content is no JSON: {exception.Message}";
        }
        return null;
    }

    private byte[] Sign(IReadOnlyList<byte[]> parts)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (byte[] part in parts) mac.AppendData(part);
        return mac.GetHashAndReset();
    }

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
