namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>How many of a hundred talks are of each kind; the rest are small talk.</summary>
/// <param name="Stories">A tale is asked for and talked about.</param>
/// <param name="Readings">A tale is brought and asked about.</param>
/// <param name="Worlds">A few facts are given and asked about.</param>
public sealed record DialogueMix(int Stories, int Readings, int Worlds)
{
    /// <summary>What a model that is only to hear of everything reads: mostly tales.</summary>
    public static DialogueMix Broad { get; } = new(34, 26, 25);

    /// <summary>
    /// What a model that is to answer learns: mostly questions. Who holds what is the hardest of them for a small model, and a world of
    /// facts asks it in few words.
    /// </summary>
    public static DialogueMix Questions { get; } = new(22, 28, 42);
}
