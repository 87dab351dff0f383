namespace LlmFromScratch.Training.Data.Checking;

/// <summary>What the <see cref="WorldChecker"/> looks at. A model can be taught by some of its rules and judged by the others.</summary>
[Flags]
public enum WorldRules
{
    /// <summary>Speech is closed, the last sentence ends, no long sentence comes twice.</summary>
    Form = 1,

    /// <summary>Who is who: names, kinds, pronouns.</summary>
    Cast = 2,

    /// <summary>All places belong to one setting.</summary>
    Places = 4,

    /// <summary>A thing is brought in before it is "the kite", and keeps its colour.</summary>
    Things = 8,

    /// <summary>Who gives, loses, finds, breaks and mends what.</summary>
    Holders = 16,

    /// <summary>Everything.</summary>
    All = Form | Cast | Places | Things | Holders,
}
