using System.Text;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// A text on its way into a corpus. It enters by <see cref="DocumentReader"/>, passes the stages of a <see cref="CleaningPipeline"/> and is written or
/// dropped.
/// </summary>
/// <param name="Text">Its text, lines ended by '\n'.</param>
/// <param name="Source">Where it comes from: the domain that mixing weights and the licence manifest name.</param>
/// <param name="Licence">An SPDX identifier as stated, or null where nobody stated one.</param>
public sealed record Document(string Text, string Source, string? Licence)
{
    /// <summary>Bytes of the text in UTF-8.</summary>
    public long ByteCount => Encoding.UTF8.GetByteCount(Text);
}
