namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>
/// Where a tale plays: <c>{setting}</c> is where the hero lives ("in a small village by the sea"). Every tale keeps to the places
/// of its setting, so that nobody walks from a forest into a harbour.
/// </summary>
internal sealed record Setting(string Home, Place First, Place Second, Place Third) : Noun
{
    /// <inheritdoc/>
    public override string Form(string form) => form == "" ? Home : throw UnknownForm(form, "(empty)");
}
