namespace LlmFromScratch.Training.Data.Checking;

/// <summary>
/// Reads a tale back and says whether it is consistent: the names, kinds and pronouns of the cast, the things and their colours, who gives what to whom, what
/// is lost, found, broken and mended, the places. It reads text, not the generator's world, so it judges what a model has written. It knows the words of the
/// tiny tales and no others; a tale that it finds consistent can still be silly.
/// </summary>
public static class WorldChecker
{
    /// <summary>Checks one tale.</summary>
    /// <param name="text">The whole tale, paragraphs separated by '\n'.</param>
    /// <param name="rules">Whose problems are reported.</param>
    public static WorldReport Check(string text, WorldRules rules = WorldRules.All)
    {
        ArgumentNullException.ThrowIfNull(text);
        TaleReading reading = new(text.Trim());
        (IReadOnlyList<string> held, IReadOnlyList<ThingEvent> events) = HolderRules.Follow(reading);
        (WorldRules Rules, IEnumerable<string> Problems)[] found =
        [
            (WorldRules.Form, FormRules.Problems(reading)), (WorldRules.Cast, CastRules.Problems(reading)), (WorldRules.Places, PlaceRules.Problems(reading)),
            (WorldRules.Things, ThingRules.Problems(reading)), (WorldRules.Holders, held),
        ];
        return new WorldReport([.. found.Where(family => rules.HasFlag(family.Rules)).SelectMany(family => family.Problems)], events);
    }
}
