namespace LlmFromScratch.Training.Alignment;

/// <summary>A line of a file of examples.</summary>
public interface IExample
{
    /// <summary>How such a line looks.</summary>
    static abstract string Form { get; }

    /// <summary>What is wrong with this one: field, expected, got; null for nothing.</summary>
    /// <param name="toLearn">Whether it is to be learnt from, and not only asked.</param>
    string? Fault(bool toLearn);
}
