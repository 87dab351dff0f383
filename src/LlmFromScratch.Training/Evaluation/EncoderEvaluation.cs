using System.Text;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>The evaluation of an encoder: it guesses masked tokens of held-out text, and shows what it guesses.</summary>
internal static class EncoderEvaluation
{
    private const int SampleTokens = 40; // of a text that is shown

    /// <summary>Makes the report.</summary>
    /// <exception cref="NotSupportedException">Something is asked that an encoder cannot do.</exception>
    public static EvaluationReport Run(EvaluationRequest request, TrainedEncoder encoder, TrainingLog log, CancellationToken cancellation)
    {
        EvaluationCorpus? corpus = EvaluationCorpus.Read(request, encoder.Tokenizer, cancellation);
        if (request.Conversations.Count > 0 || request.Reference is not null || request.Reward is not null || request.TaleCount > 0 || request.RepeatedTexts > 0
            || corpus?.Talks is not null)
            throw new NotSupportedException($"{request.Model}: an encoder guesses masked tokens and tells nothing; expected a corpus, its held-out text and samples only.");
        return new EvaluationReport
        {
            Model = Path.GetFileName(request.Model),
            Parameters = encoder.Model.MaskedParameters.Sum(weight => weight.Shape.Count),
            Masked = corpus is null ? null : Masked(request, encoder, corpus.Text, log, cancellation),
            Samples = corpus is null ? [] : Samples(request, encoder, corpus.HeldOutDocuments),
        };
    }

    private static MaskedEvaluation Masked(EvaluationRequest request, TrainedEncoder encoder, (int[] Training, int[] HeldOut) text, TrainingLog log, CancellationToken cancellation)
    {
        int[][] windows = [.. text.HeldOut.Take(request.MaxTokens).Chunk(encoder.ContextLength)];
        using Tape tape = new(Environment.ProcessorCount);
        log.Line("guessing masked tokens");
        MaskedEvaluation result = MaskedEvaluation.Measure(tape, encoder, Watched(), sequenceCount: 1);
        log.Line("counting 5-grams");
        return result.Beside(encoder, text.Training, Watched());

        IEnumerable<int[]> Watched()
        {
            for (int i = 0; i < windows.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                log.Status($"held-out text: {(double)i / windows.Length:p0}");
                yield return windows[i];
            }
        }
    }

    // The beginnings of the first held-out documents. What was hidden stands in brackets, and behind a colon the guess, where it is another.
    private static List<SampleReport> Samples(EvaluationRequest request, TrainedEncoder encoder, IReadOnlyList<string> heldOut)
    {
        List<SampleReport> samples = [];
        foreach (string document in heldOut.Take(request.SampleCount))
        {
            int[] ids = [.. encoder.Tokenizer.Encode(document).Take(Math.Min(SampleTokens, encoder.ContextLength))];
            SeededRandom random = new(request.Seed + (ulong)samples.Count);
            int[] hidden = Array.ConvertAll(ids, id => random.NextDouble() < MaskedTokens.Share ? encoder.MaskId : id);
            Queue<int> guesses = new(encoder.Guess(hidden, 1).Select(guess => guess[0].Id));
            StringBuilder text = new();
            for (int place = 0; place < ids.Length; place++)
            {
                string token = encoder.Tokenizer.Decode([ids[place]]);
                if (hidden[place] != encoder.MaskId)
                {
                    text.Append(token);
                    continue;
                }
                int guess = guesses.Dequeue();
                text.Append('[').Append(token).Append(guess == ids[place] ? "" : ":" + encoder.Tokenizer.Decode([guess])).Append(']');
            }
            samples.Add(new SampleReport(text.ToString(), null, null, null));
        }
        return samples;
    }
}
