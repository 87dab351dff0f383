using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// Windows of random tokens that are said again and again: <c>x[t] = x[t - n]</c> from the second time on. No knowledge of a language helps to foretell them; a
/// model that has induction heads looks back to where the token stood before and says what followed (Olsson et al. 2022). n is another for each window, or a head
/// could learn a distance by heart. Short ones are as frequent as long ones, <c>ln n</c> being uniform: where few tokens come often, a model soon finds that what stood
/// there is worth saying again, which is the first half of the way (Edelman et al. 2024, "The evolution of statistical induction heads").
/// </summary>
public static class RepeatedTokens
{
    /// <summary>The least n.</summary>
    public const int LeastLength = 4;

    /// <summary>Puts such a window in the place of some of a batch's windows.</summary>
    /// <param name="batch">Filled; its windows have at least twice <see cref="LeastLength"/> tokens.</param>
    /// <param name="share">The probability with which a window is replaced; with 0 nothing is drawn.</param>
    /// <param name="vocabSize">V: tokens are drawn from [0, V), all equally likely.</param>
    /// <param name="random">Draws.</param>
    public static void Replace(TokenBatch batch, double share, int vocabSize, SeededRandom random)
    {
        if (share == 0) return;
        int longest = batch.TokenCount / 2 + 1;
        int[] window = batch.Window;
        for (int sequence = 0; sequence < batch.SequenceCount; sequence++)
        {
            if (random.NextDouble() >= share) continue;
            int length = (int)(LeastLength * PortableMath.Pow((double)longest / LeastLength, random.NextDouble()));
            for (int t = 0; t < window.Length; t++) window[t] = t < length ? random.NextInt(vocabSize) : window[t - length];
            batch.Fill(sequence, window);
        }
    }
}
