namespace LlmFromScratch.Training.Data.Checking;

/// <summary>What the <see cref="WorldChecker"/> found in a text.</summary>
/// <param name="Problems">Each contradiction in a sentence; none for a consistent tale.</param>
/// <param name="Events">What happened to things, as far as the text says so in a form that the checker reads.</param>
public sealed record WorldReport(IReadOnlyList<string> Problems, IReadOnlyList<ThingEvent> Events)
{
    /// <summary>Whether nothing in the text contradicts anything else in it.</summary>
    public bool IsConsistent => Problems.Count == 0;
}
