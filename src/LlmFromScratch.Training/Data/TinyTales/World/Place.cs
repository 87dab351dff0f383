namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>
/// A place of the setting: <c>{place}</c> is "the pond", <c>{place.at}</c> "by the pond". <see cref="Spots"/> are where a small
/// thing can lie there, separated by '|': "under a bench|behind a tree". Boats and fish belong to places by the water.
/// </summary>
internal sealed record Place(string Name, string Preposition, string Spots, bool IsWater = false) : Noun
{
    /// <inheritdoc/>
    public override string Form(string form) => form switch
    {
        "" => $"the {Name}",
        "at" => $"{Preposition} the {Name}",
        _ => throw UnknownForm(form, "(empty), at"),
    };
}
