namespace LlmFromScratch.Training.Alignment;

/// <summary>Two answers to a prompt, each tokenized with it once when their file is read: steps draw them again and again.</summary>
/// <param name="Prompt">The turns before the answer, which samples go on from.</param>
/// <param name="Chosen">The prompt and the better answer.</param>
/// <param name="Rejected">The prompt and the other one.</param>
/// <param name="Rule">The rule that decided.</param>
public sealed record TokenizedPair(IReadOnlyList<ChatMessage> Prompt, TokenizedExample Chosen, TokenizedExample Rejected, string Rule)
{
    /// <summary>Answers whose probability is measured.</summary>
    public static TokenizedPair ToSay(PreferenceExample example, ChatMl chatMl)
    {
        int[] prompt = chatMl.EncodePrompt(example.Prompt);
        return new TokenizedPair(example.Prompt, TokenizedExample.Answer(prompt, chatMl.EncodeAnswer(example.Chosen)),
            TokenizedExample.Answer(prompt, chatMl.EncodeAnswer(example.Rejected)), example.Rule);
    }

    /// <summary>Answers that a <see cref="RewardModel"/> reads.</summary>
    public static TokenizedPair ToJudge(PreferenceExample example, ChatMl chatMl)
    {
        int[] prompt = chatMl.EncodePrompt(example.Prompt);
        return new TokenizedPair(example.Prompt, RewardModel.Reading(prompt, chatMl.EncodeAnswer(example.Chosen)),
            RewardModel.Reading(prompt, chatMl.EncodeAnswer(example.Rejected)), example.Rule);
    }

    /// <summary>Tokens of the longer one.</summary>
    public int Length => Math.Max(Chosen.Length, Rejected.Length);
}
