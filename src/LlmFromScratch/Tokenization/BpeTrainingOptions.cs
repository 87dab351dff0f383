namespace LlmFromScratch.Tokenization;

/// <summary>What a trained tokenizer shall look like.</summary>
public sealed class BpeTrainingOptions
{
    /// <summary>V: bytes, merges and control tokens together; at least 256 and the control tokens. A small corpus may give fewer.</summary>
    public required int VocabSize { get; init; }

    /// <summary>How texts are cut into words; merges stay inside a word.</summary>
    public PreTokenizer PreTokenizer { get; init; } = PreTokenizer.Gpt2;

    /// <summary>The names of the control tokens; they get the last ids, in this order.</summary>
    public IReadOnlyList<string> ControlTokens { get; init; } = [];

    /// <summary>Which control token begins a text; it is then placed before every text.</summary>
    public string? BeginOfSequence { get; init; }

    /// <summary>Which control token ends a text.</summary>
    public string? EndOfSequence { get; init; }

    /// <summary>Returns these options if they can be met.</summary>
    /// <exception cref="ArgumentException">Names the option, what was expected and what it is.</exception>
    public BpeTrainingOptions Validate()
    {
        if (VocabSize < 256 + ControlTokens.Count) throw new ArgumentException(
            $"BpeTrainingOptions: VocabSize is {VocabSize}; expected at least {256 + ControlTokens.Count}: 256 bytes and {ControlTokens.Count} control tokens.");
        if (ControlTokens.Distinct(StringComparer.Ordinal).Count() != ControlTokens.Count)
            throw new ArgumentException($"BpeTrainingOptions: ControlTokens are {string.Join(", ", ControlTokens)}; expected each name once.");
        foreach (string? name in (ReadOnlySpan<string?>)[BeginOfSequence, EndOfSequence])
            if (name is not null && !ControlTokens.Contains(name))
                throw new ArgumentException(
                    $"BpeTrainingOptions: '{name}' begins or ends a text; expected it among ControlTokens ({string.Join(", ", ControlTokens)}).");
        return this;
    }
}
