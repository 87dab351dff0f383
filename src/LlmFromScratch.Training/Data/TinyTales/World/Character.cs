namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>Which pronouns a character takes.</summary>
internal enum Pronoun { She, He, It }

/// <summary>
/// One who acts: a child ("Lily", kind "girl"), an animal with a name ("Pip", kind "mouse"), a grown-up ("Mum"), or a small
/// animal without a name ("the little bird", kind "bird"). Equality is by value, so no tale has the same name twice.
/// </summary>
internal sealed record Character(string Name, string Kind, Pronoun Pronoun, bool IsAnimal, string? Relation = null) : Noun
{
    /// <summary>Whether the listener has heard already which animal this is, so that "Pip the mouse" is just "Pip" from now on.</summary>
    public bool IsKnown { get; init; }

    /// <inheritdoc/>
    public override string Form(string form) => form switch
    {
        "" => Name,
        "full" => IsAnimal && !IsKnown ? $"{Name} the {Kind}" : Name,
        "kind" => Kind,
        "of" => Relation ?? Name,
        "he" => Pronoun switch { Pronoun.She => "she", Pronoun.He => "he", _ => "it" },
        "him" => Pronoun switch { Pronoun.She => "her", Pronoun.He => "him", _ => "it" },
        "his" => Pronoun switch { Pronoun.She => "her", Pronoun.He => "his", _ => "its" },
        "hand" => IsAnimal ? "paw" : "hand",
        "himself" => Pronoun switch { Pronoun.She => "herself", Pronoun.He => "himself", _ => "itself" },
        _ => throw UnknownForm(form, "(empty), full, kind, of, he, him, his, himself, hand"),
    };
}
