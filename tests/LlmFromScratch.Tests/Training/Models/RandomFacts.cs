using LlmFromScratch.Training.Data;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Tests.Training.Models;

/// <summary>
/// Windows of random facts that are said again and again, each time in another order: a fact is a key and what follows from it, some of its places held by the same
/// token in every fact of the window ("K1 a b V1 W1 K2 a b V2 W2", then "K2 a b V2 W2 K1 a b V1 W1"). The token before foretells little, since it is often the same
/// for all: one must find the key two, three or four tokens back. That is how names and what belongs to them stand in a text, without the text: every second token
/// of such a window asks for it, where a tale asks for it in one of twenty (Arora et al. 2023, "Zoology", call the task associative recall).
/// </summary>
internal static class RandomFacts
{
    /// <summary>Tokens of a short window, in which there is little to look at, and of a long one, in which facts lie far back; each for half of the batches.</summary>
    public const int ShortWindow = 64, LongWindow = 256;

    private const int LongestFact = 5, TokensPerFact = 10; // of a window: all its facts take less than half of it
    private const double RepeatedShare = 0.25; // of the windows: RepeatedTokens of few kinds, where one token back is not enough either

    /// <summary>Fills a batch, whose tokens are taken as other rows than its own.</summary>
    /// <param name="batch">Of a multiple of <see cref="LongWindow"/> tokens.</param>
    /// <param name="vocabSize">V: tokens are drawn from [0, V).</param>
    /// <param name="random">Draws.</param>
    /// <returns>How many windows of equal length its tokens are now.</returns>
    public static int Fill(TokenBatch batch, int vocabSize, SeededRandom random)
    {
        int length = random.NextInt(2) == 0 ? ShortWindow : LongWindow, count = batch.Inputs.Length / length;
        int[] window = new int[length + 1];
        for (int row = 0; row < count; row++)
        {
            if (random.NextDouble() < RepeatedShare) Repeat(window, vocabSize, random);
            else Tell(window, vocabSize, random);
            window.AsSpan(0, length).CopyTo(batch.Inputs.AsSpan(row * length));
            window.AsSpan(1, length).CopyTo(batch.Targets.AsSpan(row * length));
        }
        return count;
    }

    // Facts of 2 to 5 tokens; the first is the key, another's value each, and what is between them shared or not.
    private static void Tell(Span<int> window, int vocabSize, SeededRandom random)
    {
        int length = 2 + random.NextInt(LongestFact - 1);
        int[] kinds = Kinds(vocabSize, random), frame = Draw(length, vocabSize, random);
        bool[] shared = [.. frame.Select((_, place) => place > 0 && random.NextInt(2) == 0)];
        if (shared[1..].All(isShared => isShared)) shared[^1] = false; // something must differ
        int[] keys = [.. Draw(2 + random.NextInt(window.Length / TokensPerFact), vocabSize, random).Distinct()];
        int[][] facts = [.. keys.Select(key => frame.Select((token, place) => place == 0 ? key : shared[place] ? token : kinds[random.NextInt(kinds.Length)]).ToArray())];
        for (int at = 0; at < window.Length;)
        {
            random.Shuffle<int[]>(facts);
            foreach (int token in facts.SelectMany(fact => fact).Take(window.Length - at).ToArray()) window[at++] = token;
        }
    }

    private static void Repeat(Span<int> window, int vocabSize, SeededRandom random)
    {
        const int Least = RepeatedTokens.LeastLength;
        int[] kinds = Kinds(vocabSize, random);
        int length = (int)(Least * PortableMath.Pow((double)(window.Length / 2) / Least, random.NextDouble()));
        for (int t = 0; t < window.Length; t++) window[t] = t < length ? kinds[random.NextInt(kinds.Length)] : window[t - length];
    }

    // The tokens that a window is made of: 4 to V of them, ln n being uniform.
    private static int[] Kinds(int vocabSize, SeededRandom random) =>
        Draw((int)(RepeatedTokens.LeastLength * PortableMath.Pow((double)vocabSize / RepeatedTokens.LeastLength, random.NextDouble())), vocabSize, random);

    private static int[] Draw(int count, int vocabSize, SeededRandom random)
    {
        int[] tokens = new int[count];
        foreach (ref int token in tokens.AsSpan()) token = random.NextInt(vocabSize);
        return tokens;
    }
}
