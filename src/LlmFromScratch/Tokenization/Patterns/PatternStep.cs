namespace LlmFromScratch.Tokenization.Patterns;

/// <summary>What a step of a compiled pattern does.</summary>
internal enum PatternOp : byte
{
    /// <summary>Takes one character of Set.</summary>
    Take,

    /// <summary>Takes Min to Max characters of Set, as many as there are, and gives them back one by one unless it is possessive.</summary>
    TakeRun,

    /// <summary>Goes on at A; where that fails, or where A cannot start with the byte that comes (First), at B.</summary>
    Split,

    /// <summary>Goes on at A.</summary>
    Jump,

    /// <summary>The steps from A must match from here (or must not, if Flag); then goes on at B, from the same place.</summary>
    Look,

    /// <summary>The steps from A match; then goes on at B, behind them, and never tries them otherwise.</summary>
    Atomic,

    /// <summary>Between a word character and another; not so if Flag.</summary>
    WordBoundary,

    /// <summary>Nowhere between a word character and another.</summary>
    NoWordBoundary,

    /// <summary>The start of the text.</summary>
    TextStart,

    /// <summary>The end of the text.</summary>
    TextEnd,

    /// <summary>The end of the pattern, or of the steps of a Look or an Atomic.</summary>
    Accept,
}

/// <summary>A step of a compiled pattern.</summary>
internal readonly record struct PatternStep(PatternOp Op, CharacterSet? Set = null, int Min = 0, int Max = 0, int A = 0, int B = 0, bool Flag = false, bool[]? First = null);
