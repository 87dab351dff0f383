namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>Words that have one form only: a spot ("under a bench"), a time ("One sunny morning").</summary>
internal sealed record Phrase(string Words) : Noun
{
    /// <inheritdoc/>
    public override string Form(string form) => form == "" ? Words : throw UnknownForm(form, "(empty)");
}
