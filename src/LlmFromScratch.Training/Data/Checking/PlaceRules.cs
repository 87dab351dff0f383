using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>Where: all places belong to one setting, the one that the tale names; a spot belongs to a place that the tale has been to.</summary>
internal static class PlaceRules
{
    private static readonly Setting[] Settings = [.. Casting.ChildSettings, .. Casting.AnimalSettings];

    private static readonly Place[] Places = [.. Settings.SelectMany(setting => (Place[])[setting.First, setting.Second, setting.Third]).Distinct()];

    private static readonly (Place Place, Regex Mention)[] Mentions =
        [.. Places.Select(place => (place, new Regex($@"\b(?:{place.Preposition}|to|near) the {place.Name}\b", RegexOptions.IgnoreCase)))];

    private static readonly (string Spot, Regex Mention)[] Spots =
        [.. Places.SelectMany(place => place.Spots.Split('|')).Distinct().Select(spot => (spot, new Regex($@"\b{spot}\b", RegexOptions.IgnoreCase)))];

    public static IEnumerable<string> Problems(TaleReading reading)
    {
        string text = reading.Text;
        Setting[] named = [.. Settings.Where(setting => text.Contains(setting.Home, StringComparison.OrdinalIgnoreCase))];
        if (named.Length > 1) yield return $"more than one home: {string.Join(", ", named.Select(setting => setting.Home))}";
        Place[] places = [.. Mentions.Where(mention => mention.Mention.IsMatch(text)).Select(mention => mention.Place)];
        Setting[] possible = named.Length == 1 ? named : reading.Cast.Count == 0 ? Settings : TaleReading.IsChild(reading.Cast[0]) ? Casting.ChildSettings : Casting.AnimalSettings;
        if (!possible.Any(setting => places.All(place => Has(setting, place))))
            yield return $"not of one setting: {string.Join(", ", [.. named.Select(setting => setting.Home), .. places.Select(place => place.Name)])}";
        foreach ((string spot, Regex mention) in Spots)
            if (mention.IsMatch(text) && !places.Any(place => place.Spots.Split('|').Contains(spot))) yield return $"no place of the tale has anything {spot}";
    }

    private static bool Has(Setting setting, Place place) => place == setting.First || place == setting.Second || place == setting.Third;
}
