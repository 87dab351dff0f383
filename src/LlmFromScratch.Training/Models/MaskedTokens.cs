using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>A batch of the masked-language-model task: ids with holes, and what stood there.</summary>
/// <param name="Ids">[N]: what the model sees.</param>
/// <param name="Targets">[N]: the original id at the chosen places, elsewhere <see cref="Tape.IgnoredTarget"/>.</param>
public readonly record struct MaskedTokens(ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> Targets)
{
    /// <summary>The probability with which a token is chosen.</summary>
    public const double Share = 0.15;

    /// <summary>
    /// Chooses each token with probability 15%; of the chosen 80% become the mask, 10% a random token, 10% stay as they are, so that the model must be
    /// ready to judge every token (Devlin et al. 2019, section 3.1).
    /// </summary>
    /// <param name="tape">Holds the batch, until it is freed.</param>
    /// <param name="ids">[N], not changed.</param>
    /// <param name="maskId">The mask's id.</param>
    /// <param name="vocabSize">V: random tokens are in [0, V).</param>
    /// <param name="isSpecial">Tokens that are never chosen: begin, end, padding.</param>
    /// <param name="random">Draws.</param>
    public static MaskedTokens Draw(ITape tape, ReadOnlySpan<int> ids, int maskId, int vocabSize, Func<int, bool> isSpecial, SeededRandom random)
    {
        Memory<int> seen = tape.Indices(ids.Length), targets = tape.Indices(ids.Length);
        ids.CopyTo(seen.Span);
        targets.Span.Fill(Tape.IgnoredTarget);
        for (int n = 0; n < ids.Length; n++)
        {
            if (isSpecial(ids[n]) || random.NextDouble() >= Share) continue;
            targets.Span[n] = ids[n];
            double kind = random.NextDouble();
            if (kind < 0.8) seen.Span[n] = maskId;
            else if (kind < 0.9) seen.Span[n] = random.NextInt(vocabSize);
        }
        return new MaskedTokens(seen, targets);
    }
}
