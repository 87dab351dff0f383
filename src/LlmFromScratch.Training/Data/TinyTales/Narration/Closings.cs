using LlmFromScratch.Training.Data.TinyTales.Plots;

namespace LlmFromScratch.Training.Data.TinyTales.Narration;

/// <summary>How some tales end after their plot has: with a moral, or with a word to the listener. Most just end.</summary>
internal static class Closings
{
    /// <summary>Speaks a closing in about three tales of ten.</summary>
    public static void Close(this Tale tale, Plot plot)
    {
        if (tale.Chance(13))
        {
            tale.Paragraph();
            tale.Say("The moral is: " + plot.Moral, "And so they say: " + plot.Moral, "Remember, little one: " + plot.Moral);
        }
        else if (tale.Chance(tale.Teller.Farewells)) tale.Say(Farewells);
    }

    private static readonly string[] Farewells =
    [
        "And that is the end of the story.",
        "If you ever come to {place}, you may still hear them laugh.",
        "And that is how it was.",
        "If they are not asleep, they are still talking about it.",
        "Now close your eyes, little one. The story is over.",
        "Snip, snap, the tale is told.",
        "What do you think {hero} did the next day? That is another story.",
    ];
}
