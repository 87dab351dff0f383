namespace LlmFromScratch.Tokenization.Patterns;

/// <summary>A part of a pattern as it was written; <see cref="PatternCompiler"/> turns the tree into steps.</summary>
internal abstract record PatternNode
{
    /// <summary>One character of a set.</summary>
    public sealed record One(CharacterSet Set) : PatternNode;

    /// <summary>The parts one after the other; none of them is the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>The first part that leads to a match.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>A part some times; -1 is no limit. Possessive: what was taken is not given back.</summary>
    public sealed record Repeat(PatternNode Part, int Min, int Max, RepeatKind Kind) : PatternNode;

    /// <summary>What follows must (or must not) match, and is not taken.</summary>
    public sealed record Look(PatternNode Part, bool Negated) : PatternNode;

    /// <summary>A place between two characters.</summary>
    public sealed record Place(PatternOp Op) : PatternNode;
}

/// <summary>How much a repetition takes first.</summary>
internal enum RepeatKind
{
    /// <summary><c>+</c>: as much as there is, then less.</summary>
    Greedy,

    /// <summary><c>+?</c>: as little as possible, then more.</summary>
    Lazy,

    /// <summary><c>++</c>: as much as there is, and never less.</summary>
    Possessive,
}
