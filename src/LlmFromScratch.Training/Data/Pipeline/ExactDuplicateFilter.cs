using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Drops a document whose text was seen before, white space apart. Keeps 128 bits of SHA-256 of each text: among a thousand million different documents
/// the chance that any two share them is about 10⁻²¹.
/// </summary>
public sealed class ExactDuplicateFilter : IDocumentStage
{
    private readonly HashSet<UInt128> _seen = [];

    /// <inheritdoc/>
    public string Name => "exact duplicates";

    /// <inheritdoc/>
    public Document? Apply(Document document, FunnelRow row)
    {
        string words = string.Join(' ', document.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(words));
        return _seen.Add(BinaryPrimitives.ReadUInt128LittleEndian(hash)) ? document : null;
    }
}
