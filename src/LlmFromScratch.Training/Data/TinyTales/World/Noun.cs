namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>
/// Somebody or something that a sentence frame can name. A frame asks for a form: <c>{hero}</c> is the plain form,
/// <c>{hero.his}</c> the possessive. A form that a noun lacks is a mistake in the frame and throws.
/// </summary>
internal abstract record Noun
{
    /// <summary>The words for <paramref name="form"/>; the empty form is the name that a sentence uses by default.</summary>
    public abstract string Form(string form);

    /// <summary>The word with its article: "an" before a vowel letter (no word of the tables is an exception), else "a".</summary>
    protected static string WithArticle(string words) => ("aeiou".Contains(words[0]) ? "an " : "a ") + words;

    /// <summary>What <see cref="Form"/> throws for a form that this noun lacks.</summary>
    protected InvalidOperationException UnknownForm(string form, string known) =>
        new($"Frame: {GetType().Name} \"{Form("")}\" has no form \"{form}\"; expected one of: {known}.");
}
