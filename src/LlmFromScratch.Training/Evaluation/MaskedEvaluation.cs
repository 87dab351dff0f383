using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Models.NGrams;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>How well an encoder guesses the tokens that <see cref="MaskedTokens"/> chooses in text it did not learn: those left as they are and those exchanged, too.</summary>
/// <param name="Asked">Tokens chosen.</param>
/// <param name="Loss">The mean of <c>-log p(token)</c> at these places, in nats.</param>
/// <param name="Accuracy">The share of these places at which the most likely token is the right one.</param>
public sealed record MaskedEvaluation(int Asked, double Loss, double Accuracy)
{
    private const ulong Seed = 0x3A5C; // what is masked: the same at every evaluation

    /// <summary>The share that a 5-gram guesses from the four tokens on the left, none of them hidden; null where there is no text to count in.</summary>
    public double? NGramAccuracy { get; init; }

    /// <summary>The share of the commonest token of the training text; null where there is none.</summary>
    public double? CommonestAccuracy { get; init; }

    /// <summary>Measures.</summary>
    /// <param name="tape">Records; empty before and after.</param>
    /// <param name="encoder">The model.</param>
    /// <param name="batches">Each [B·T]; read one after the other, so that one array may serve them all.</param>
    /// <param name="sequenceCount">B.</param>
    public static MaskedEvaluation Measure(Tape tape, TrainedEncoder encoder, IEnumerable<int[]> batches, int sequenceCount)
    {
        SeededRandom random = new(Seed);
        double nats = 0;
        int asked = 0, right = 0;
        using NoGradientScope scope = tape.NoGradient();
        foreach (int[] batch in batches)
        {
            MaskedTokens masked = encoder.Draw(tape, batch, random);
            int[] places = Places(masked);
            if (places.Length == 0)
            {
                tape.Reset();
                continue;
            }
            int[] targets = Array.ConvertAll(places, place => batch[place]);
            Variable logits = encoder.Model.MaskedLogits(tape, tape.Embedding(encoder.Model.Hidden(tape, masked.Ids, sequenceCount), places)); // [places, V]
            for (int i = 0; i < places.Length; i++)
                if (BestOf(logits.Data.Slice(i * logits.Shape[1], logits.Shape[1])) == targets[i]) right++;
            nats += (double)tape.CrossEntropy(logits, targets).Data[0] * places.Length;
            asked += places.Length;
            tape.Reset();
        }
        return new MaskedEvaluation(asked, nats / asked, (double)right / asked);
    }

    /// <summary>The same evaluation with what counting would have guessed at the same places.</summary>
    /// <param name="encoder">Draws the same places.</param>
    /// <param name="training">The tokens that the model learnt.</param>
    /// <param name="batches">As in <see cref="Measure"/>.</param>
    internal MaskedEvaluation Beside(TrainedEncoder encoder, ReadOnlySpan<int> training, IEnumerable<int[]> batches)
    {
        int vocabSize = encoder.Tokenizer.VocabSize, byNGram = 0, byCommonest = 0;
        KneserNeyModel ngram = KneserNeyModel.Train(training, order: 5, vocabSize);
        float[] counts = new float[vocabSize], guess = new float[vocabSize];
        foreach (int id in training) counts[id]++;
        int commonest = BestOf(counts);
        SeededRandom random = new(Seed);
        using Tape tape = new();
        foreach (int[] batch in batches)
        {
            foreach (int place in Places(encoder.Draw(tape, batch, random)))
            {
                for (int id = 0; id < vocabSize; id++) guess[id] = (float)ngram.Probability(batch.AsSpan(0, place), id);
                if (BestOf(guess) == batch[place]) byNGram++;
                if (commonest == batch[place]) byCommonest++;
            }
            tape.Reset();
        }
        return this with { NGramAccuracy = (double)byNGram / Asked, CommonestAccuracy = (double)byCommonest / Asked };
    }

    private static int[] Places(MaskedTokens masked) => [.. Enumerable.Range(0, masked.Targets.Length).Where(place => masked.Targets.Span[place] != Tape.IgnoredTarget)];

    private static int BestOf(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++) if (values[i] > values[best]) best = i;
        return best;
    }
}
