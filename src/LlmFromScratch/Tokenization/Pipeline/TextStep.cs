namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>A step between text and model: changes the characters of a piece, or cuts it, or both. Published tokenizers are rows of such steps.</summary>
internal abstract class TextStep
{
    /// <summary>Appends what becomes of a piece; a piece may vanish.</summary>
    /// <param name="piece">Not empty.</param>
    /// <param name="isFirst">Whether the piece starts the user's text.</param>
    /// <param name="result">Gets the new pieces.</param>
    public abstract void Apply(AlignedText piece, bool isFirst, List<AlignedText> result);
}

/// <summary>A step that keeps the pieces and changes their characters.</summary>
internal abstract class TextNormalizer : TextStep
{
    public override void Apply(AlignedText piece, bool isFirst, List<AlignedText> result)
    {
        AlignedText normalized = Normalize(piece);
        if (normalized.Length > 0) result.Add(normalized);
    }

    /// <summary>The piece with other characters.</summary>
    protected abstract AlignedText Normalize(AlignedText piece);
}
