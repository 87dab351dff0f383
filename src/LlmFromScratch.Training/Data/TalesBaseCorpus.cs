using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// The text that models/tales-base learnt. It begins with talks about worlds of a few facts alone, in which who, what and where must be looked up and nothing else helps;
/// then come tales, plain-text talks about them and more such worlds. The last hundredth of the file is tales, talks and worlds of held-out plots, frames and combinations. A run whose
/// held-out share is a little larger learns from none of it.
/// </summary>
internal static class TalesBaseCorpus
{
    private const int PercentDialogues = 20, PercentWorlds = 38; // of the documents; worlds are short ones

    private static readonly TaleSplit[] HeldOut = [TaleSplit.HeldOutPlots, TaleSplit.HeldOutFrames, TaleSplit.HeldOutCombinations];

    /// <summary>Makes the documents; the request's split is not asked, since the set has its own.</summary>
    public static Func<long, string> Start(CorpusRequest request)
    {
        SeededRandom random = new(request.Seed);
        Source training = new(random, TaleSplit.Training);
        Source[] heldOut = [.. HeldOut.Select(split => new Source(random, split))];
        long worldBytes = request.Bytes / 20, trainingBytes = request.Bytes - request.Bytes / 100;
        return written =>
        {
            if (written < worldBytes) return training.Worlds.Next().ToPlainText();
            Source source = written < trainingBytes ? training : heldOut[random.NextInt(heldOut.Length)];
            return random.NextInt(100) switch
            {
                < PercentDialogues => source.Dialogues.Next().ToPlainText(),
                < PercentDialogues + PercentWorlds => source.Worlds.Next().ToPlainText(),
                _ => source.Tales.NextStory(),
            };
        };
    }

    private sealed class Source(SeededRandom random, TaleSplit split)
    {
        public TinyTalesGenerator Tales { get; } = new(random.NextUInt64(), split);

        public DialogueGenerator Dialogues { get; } = new(random.NextUInt64(), split);

        public DialogueGenerator Worlds { get; } = new(random.NextUInt64(), split, DialogueMix.OnlyWorlds);
    }
}
