namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>
/// A thing that can be held, given, lost and found. <c>{thing}</c> is "the red kite", <c>{thing.a}</c> "a red kite",
/// <c>{thing.own}</c> "red kite", <c>{thing.noun}</c> "kite", <c>{thing.one}</c> "a kite"; "Lily loved to <c>{thing.use}</c> it <c>{thing.tail}</c>" and
/// "Lily <c>{thing.used}</c> it" say what it is for.
/// </summary>
internal sealed record Thing(string Noun, string Adjective, string Use, string Used, string Tail) : Noun
{
    /// <inheritdoc/>
    public override string Form(string form) => form switch
    {
        "" => $"the {Adjective} {Noun}",
        "a" => WithArticle($"{Adjective} {Noun}"),
        "own" => $"{Adjective} {Noun}",
        "noun" => Noun,
        "one" => WithArticle(Noun),
        "use" => Use,
        "used" => Used,
        "tail" => Tail,
        _ => throw UnknownForm(form, "(empty), a, own, noun, one, use, used, tail"),
    };
}
