using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>What to measure of a model; what is not given is left out of the report.</summary>
public sealed record EvaluationRequest
{
    /// <summary>The model's GGUF file.</summary>
    public required string Model { get; init; }

    /// <summary>The text that the model learnt and, at its end, text that it did not: documents separated by a line <c>&lt;|endoftext|&gt;</c>, or talks (.jsonl), of which the answers count.</summary>
    public string? Corpus { get; init; }

    /// <summary>The share of the corpus' tokens, at its end, that is held out.</summary>
    public double HeldOutShare { get; init; } = 0.01;

    /// <summary>Other text that the model did not learn, to foretell in place of the corpus' end: of the same kind as the corpus.</summary>
    public string? HeldOutText { get; init; }

    /// <summary>Conversations that the model did not learn, with the questions in them.</summary>
    public IReadOnlyList<ChatExample> Conversations { get; init; } = [];

    /// <summary>The model that this one was made from.</summary>
    public string? Reference { get; init; }

    /// <summary>A reward model's file, to judge answers to the conversations beside the rules.</summary>
    public string? Reward { get; init; }

    /// <summary>Most held-out tokens to foretell.</summary>
    public int MaxTokens { get; init; } = 40_000;

    /// <summary>Most questions to ask, most prompts to compare, most answers to judge.</summary>
    public int MaxQuestions { get; init; } = 200;

    /// <summary>How many tales to tell and check; 0 for none.</summary>
    public int TaleCount { get; init; }

    /// <summary>How many random texts to say twice, to look for induction heads; 0 for none.</summary>
    public int RepeatedTexts { get; init; }

    /// <summary>How many texts to show.</summary>
    public int SampleCount { get; init; } = 10;

    /// <summary>What sampled texts begin with, or for a chat model what it is asked.</summary>
    public string SamplePrompt { get; init; } = "";

    /// <summary>The seed of the first sample; the others follow.</summary>
    public ulong Seed { get; init; } = 1;
}
