using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.TinyTales.Narration;

/// <summary>
/// Who tells the tale. One turns to the listener, when the tale begins, between its paragraphs and when it ends; another tells what happened and no more. A teller is the same
/// from the first sentence to the last, so that who hears the beginning knows what is to come.
/// </summary>
/// <param name="Listens">Of a hundred tales, how many that do not begin with "Once upon a time" begin with a word to the listener.</param>
/// <param name="Farewells">Of a hundred tales without a moral, how many end with one.</param>
/// <param name="Asides">Of a hundred paragraphs after the first, how many begin with one.</param>
internal sealed record Teller(int Listens, int Farewells, int Asides)
{
    /// <summary>Now so, now so, as most tellers are.</summary>
    public static Teller Any { get; } = new(28, 17, 0);

    /// <summary>Turns to the listener.</summary>
    public static Teller Near { get; } = new(75, 75, 65);

    /// <summary>Does not.</summary>
    public static Teller Plain { get; } = new(0, 0, 0);

    /// <summary>Words to the listener that fit before any sentence.</summary>
    public static string[] ShuffledAsides(SeededRandom random)
    {
        string[] asides =
        [
            "And now listen!", "Can you guess what came next?", "Did you think that was all?", "Now comes the best part.", "Do you want to know how it went on?", "What would you have done?",
            "And then? Listen!", "Are you still awake?", "Wait, you will see!", "You will hardly believe it.", "Can you see it?", "And what do you think?", "Hush, it goes on!",
            "Well, well, well!", "Now hold your breath.", "Listen well, little one.",
        ];
        random.Shuffle<string>(asides);
        return asides;
    }
}
