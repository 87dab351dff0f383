using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// The text that models/tales-base learnt: tales, and about a quarter of plain-text talks about them. The last hundredth of the file is tales and talks
/// of held-out plots, frames and combinations, so that a run whose held-out share is a little larger is measured on them.
/// </summary>
internal static class TalesBaseCorpus
{
    private const int PercentDialogues = 26; // of the documents, and about as much of the bytes

    private static readonly TaleSplit[] HeldOut = [TaleSplit.HeldOutPlots, TaleSplit.HeldOutFrames, TaleSplit.HeldOutCombinations];

    /// <summary>Makes the documents; the request's split is not asked, since the set has its own.</summary>
    public static Func<long, string> Start(CorpusRequest request)
    {
        SeededRandom random = new(request.Seed);
        Source training = new(random, TaleSplit.Training);
        Source[] heldOut = [.. HeldOut.Select(split => new Source(random, split))];
        long trainingBytes = request.Bytes - request.Bytes / 100;
        return written =>
        {
            Source source = written < trainingBytes ? training : heldOut[random.NextInt(heldOut.Length)];
            return random.NextInt(100) < PercentDialogues ? source.Dialogues.Next().ToPlainText() : source.Tales.NextStory();
        };
    }

    private sealed class Source(SeededRandom random, TaleSplit split)
    {
        public TinyTalesGenerator Tales { get; } = new(random.NextUInt64(), split);

        public DialogueGenerator Dialogues { get; } = new(random.NextUInt64(), split);
    }
}
