namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>Words that are said as they are: a spot ("under a bench"), a time ("One sunny morning"); <c>{prize.last}</c> is the last of them.</summary>
internal sealed record Phrase(string Words) : Noun
{
    /// <inheritdoc/>
    public override string Form(string form) => form switch
    {
        "" => Words,
        "last" => Words[(Words.LastIndexOf(' ') + 1)..],
        _ => throw UnknownForm(form, "(empty), last"),
    };
}
