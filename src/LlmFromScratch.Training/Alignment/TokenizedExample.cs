namespace LlmFromScratch.Training.Alignment;

/// <summary>A text to learn from in parts: the tokens, and which of them count. The others are given.</summary>
/// <param name="ids">[n].</param>
/// <param name="learnt">[n]: whether the loss of predicting this token counts.</param>
public sealed class TokenizedExample(int[] ids, bool[] learnt)
{
    /// <summary>[n].</summary>
    public ReadOnlySpan<int> Ids => ids;

    /// <summary>[n]: whether the loss of predicting this token counts.</summary>
    public ReadOnlySpan<bool> Learnt => learnt;

    /// <summary>n.</summary>
    public int Length => ids.Length;

    /// <summary>A prompt that is given and an answer that counts.</summary>
    public static TokenizedExample Answer(ReadOnlySpan<int> prompt, ReadOnlySpan<int> answer)
    {
        bool[] learnt = new bool[prompt.Length + answer.Length];
        Array.Fill(learnt, true, prompt.Length, answer.Length);
        return new TokenizedExample([.. prompt, .. answer], learnt);
    }
}
