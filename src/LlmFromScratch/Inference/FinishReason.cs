namespace LlmFromScratch.Inference;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model chose its end-of-sequence token.</summary>
    Stop,

    /// <summary>The most tokens asked for were reached, or, where none were asked for, the end of the context.</summary>
    Length,
}
