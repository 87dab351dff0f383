namespace LlmFromScratch.Course;

/// <summary>How an exercise stands.</summary>
public enum CheckOutcome
{
    /// <summary>The candidate still throws <see cref="NotImplementedException"/>.</summary>
    NotDone,

    /// <summary>At least one case gives a wrong answer, an exception, or no answer in time.</summary>
    Failed,

    /// <summary>Every case gives the right answer.</summary>
    Passed,
}
