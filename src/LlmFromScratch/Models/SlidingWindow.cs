namespace LlmFromScratch.Models;

/// <summary>Local attention on most layers: a token sees itself and the tokens just before it; every so many layers one sees all.</summary>
public sealed record SlidingWindow
{
    /// <summary>W: positions that a token sees on a local layer, itself included.</summary>
    public required int Size { get; init; }

    /// <summary>P: of every P layers the last one sees all; 2 for gemma2, 6 for gemma3.</summary>
    public required int Period { get; init; }

    /// <summary>Whether a layer, counted from 0, sees only its window.</summary>
    public bool IsLocal(int layer) => layer % Period < Period - 1;
}
