namespace LlmFromScratch.Training.Data.TinyTales;

/// <summary>
/// Which tales a generator may tell. What is held out is whole plots, sentence frames and combinations (a plot with a name or a thing), so that a number
/// measured on them tells whether a model has learnt to tell tales, not whether it remembers these.
/// </summary>
public enum TaleSplit
{
    /// <summary>Every plot, frame and combination that is not held out.</summary>
    Training,

    /// <summary>Only plots that no training tale has; frames and combinations as in training.</summary>
    HeldOutPlots,

    /// <summary>Training plots, told with held-out frames wherever there is one.</summary>
    HeldOutFrames,

    /// <summary>Training plots and frames, in combinations with names and things that no training tale has.</summary>
    HeldOutCombinations,
}
