namespace LlmFromScratch.Inference;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model chose its end-of-sequence token.</summary>
    Stop,

    /// <summary>The most tokens asked for were reached, or the context is full.</summary>
    Length,

    /// <summary>The text came to one of the stop strings.</summary>
    StopString,
}
