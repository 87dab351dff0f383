using System.Text;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.Plots;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales;

/// <summary>
/// Invents short tales for children: a cast and a setting are drawn, a plot changes a small simulated world through checked
/// actions, and a grammar of sentence frames tells what happened. The words are few and the logic is strict, so that a model of about
/// one million parameters can learn to write such tales. Same seed, same tales, on every machine. Not thread-safe.
/// </summary>
public sealed class TinyTalesGenerator
{
    /// <summary>No tale has more words than this, so that each fits into the context of a small model.</summary>
    public const int MaxWords = 160;

    private static readonly Plot[] Plots =
    [
        new LostThing(), new SharedFood(), new LentThing(), new LearnedSkill(), new Rain(), new HelpedAnimal(), new Quarrel(), new SurpriseGift(),
        new OvercomeFear(), new ToldTruth(), new GrownSeed(), new LostChild(), new Teamwork(), new Bedtime(),
    ];

    private readonly SeededRandom _random;

    /// <summary>A generator whose tales depend on <paramref name="seed"/> alone; every seed is allowed.</summary>
    public TinyTalesGenerator(ulong seed) => _random = new SeededRandom(seed);

    /// <summary>
    /// The next tale: some sentences of ASCII text, paragraphs separated by '\n', without a newline at the end. One that grew longer than
    /// <see cref="MaxWords"/> is dropped (a few in a hundred) and another one told.
    /// </summary>
    public string NextStory()
    {
        while (true)
        {
            Tale tale = new(Casting.Draw(_random), _random);
            Plots[_random.NextInt(Plots.Length)].Tell(tale);
            string story = tale.Finish();
            if (TinyTalesStatistics.WordsOf(story).Count <= MaxWords) return story;
        }
    }

    /// <summary>
    /// Tales until their text has at least <paramref name="targetBytes"/> bytes (the tales alone, without separators); the last tale
    /// is whole. No tale for 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="targetBytes"/> is negative.</exception>
    public IEnumerable<string> Stories(long targetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(targetBytes);
        return Tell(targetBytes);
    }

    private IEnumerable<string> Tell(long targetBytes)
    {
        for (long bytes = 0; bytes < targetBytes;)
        {
            string story = NextStory();
            bytes += Encoding.UTF8.GetByteCount(story);
            yield return story;
        }
    }
}
