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
    public const int MaxWords = 170;

    private const uint NameHeldOutEvery = 12, ThingHeldOutEvery = 8;

    private static readonly Plot[] AllPlots =
    [
        new LostThing(), new SharedFood(), new LentThing(), new LearnedSkill(), new Rain(), new HelpedAnimal(), new Quarrel(), new SurpriseGift(),
        new OvercomeFear(), new ToldTruth(), new GrownSeed(), new LostChild(), new Teamwork(), new Bedtime(), new Returned(), new Swap(),
        new SickFriend(), new Errand(), new StuckThing(), new Race(), new NewNeighbour(), new NightNoise(), new WishingFish(), new FalseAlarm(),
        new Riddle(), new KeptPromise(),
    ];

    private readonly SeededRandom _random;
    private readonly TaleSplit _split;
    private readonly bool _isFree;
    private readonly Plot[] _plots;

    /// <summary>A generator whose tales depend on these alone; every seed is allowed.</summary>
    /// <param name="seed">Of every choice.</param>
    /// <param name="split">Which tales it may tell.</param>
    /// <param name="isFree">Whether half of its tales are told by one who turns to the listener and half by one who does not, and of lions and dragons, too; otherwise one tells all, of a few kinds.</param>
    public TinyTalesGenerator(ulong seed, TaleSplit split = TaleSplit.Training, bool isFree = false)
    {
        _random = new SeededRandom(seed);
        _split = split;
        _isFree = isFree;
        _plots = [.. AllPlots.Where(plot => plot.IsHeldOut == (split == TaleSplit.HeldOutPlots))];
    }

    /// <summary>The names of all plots, and whether each is held out.</summary>
    public static IReadOnlyList<(string Name, bool IsHeldOut)> Plots => [.. AllPlots.Select(plot => (plot.Name, plot.IsHeldOut))];

    /// <summary>
    /// The next tale: some sentences of ASCII text, paragraphs separated by '\n', without a newline at the end. One that grew longer than
    /// <see cref="MaxWords"/> (a few in a hundred) or that the split does not allow is dropped and another one told.
    /// </summary>
    public TinyTale NextTale()
    {
        while (true)
        {
            Teller teller = !_isFree ? Teller.Any : _random.NextInt(2) == 0 ? Teller.Near : Teller.Plain;
            Tale tale = new(Casting.Draw(_random, isWide: _isFree), _random, _split, teller);
            Plot plot = _plots[_random.NextInt(_plots.Length)];
            plot.Tell(tale);
            tale.Close(plot);
            TinyTale told = tale.Finish(plot);
            if (Allows(tale, plot) && TinyTalesStatistics.WordsOf(told.Text).Count <= MaxWords) return told;
        }
    }

    /// <summary>The text of the next tale.</summary>
    public string NextStory() => NextTale().Text;

    private bool Allows(Tale tale, Plot plot)
    {
        bool combination = Wording.Hash($"{plot.Name} {tale.Hero.Name}") % NameHeldOutEvery == 0
            || tale.Things.Any(thing => Wording.Hash($"{plot.Name} {thing}") % ThingHeldOutEvery == 0);
        return combination == (_split == TaleSplit.HeldOutCombinations) && tale.SpokeHeldOutFrame == (_split == TaleSplit.HeldOutFrames);
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
