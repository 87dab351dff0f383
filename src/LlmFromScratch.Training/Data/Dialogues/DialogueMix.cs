namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>How many of a hundred talks are of each kind; the rest are small talk.</summary>
/// <param name="Stories">A tale is asked for and talked about.</param>
/// <param name="Readings">A tale is brought and asked about.</param>
/// <param name="Worlds">A few facts are given and asked about.</param>
/// <param name="Retold">How many of a hundred worlds are in the end told again in other words.</param>
/// <param name="IsFree">
/// Whether listeners speak as they like: ask in their own words, say "she" and "it", ask for a second tale, say what they think; worlds then tell of people, too, and of the
/// two tellers of the tales, who tell of lions and dragons, too, one turns to the listener.
/// </param>
public sealed record DialogueMix(int Stories, int Readings, int Worlds, int Retold = 0, bool IsFree = false)
{
    /// <summary>What a model that is only to hear of everything reads: mostly tales.</summary>
    public static DialogueMix Broad { get; } = new(34, 26, 25, 30);

    /// <summary>
    /// What a model that is to answer learns: mostly questions. Who holds what is the hardest of them for a small model, and a world of
    /// facts asks it in few words.
    /// </summary>
    public static DialogueMix Questions { get; } = new(36, 24, 34, 25, IsFree: true);

    /// <summary>Nothing but worlds of a few facts.</summary>
    public static DialogueMix OnlyWorlds { get; } = new(0, 0, 100, 70);
}
