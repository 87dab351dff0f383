using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// The text that models/tales-base learnt: tales, and about a quarter of plain-text talks about them, each document followed by a line
/// <c>&lt;|endoftext|&gt;</c>. The last hundredth of the file is tales and talks of held-out plots, frames and combinations, so that a run whose held-out
/// share is a little larger is measured on them.
/// </summary>
public static class TalesBaseCorpus
{
    private const int PercentDialogues = 26; // of the documents, and about as much of the bytes

    private static readonly TaleSplit[] HeldOut = [TaleSplit.HeldOutPlots, TaleSplit.HeldOutFrames, TaleSplit.HeldOutCombinations];

    /// <summary>Writes the corpus; see <see cref="TinyTalesCorpus.Write"/> for parameters and exceptions.</summary>
    public static void Write(string path, ulong seed, long bytes, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        SeededRandom random = new(seed);
        Source training = new(random, TaleSplit.Training);
        Source[] heldOut = [.. HeldOut.Select(split => new Source(random, split))];
        long trainingBytes = bytes - bytes / 100;
        CorpusFile.Write(path, bytes, written =>
        {
            Source source = written < trainingBytes ? training : heldOut[random.NextInt(heldOut.Length)];
            string document = random.NextInt(100) < PercentDialogues ? source.Dialogues.Next().ToPlainText() : source.Tales.NextStory();
            return $"{document}\n{TinyTalesCorpus.Separator}\n";
        }, progress, cancellationToken);
    }

    private sealed class Source(SeededRandom random, TaleSplit split)
    {
        public TinyTalesGenerator Tales { get; } = new(random.NextUInt64(), split);

        public DialogueGenerator Dialogues { get; } = new(random.NextUInt64(), split);
    }
}
