using LlmFromScratch.Training.Data.TinyTales.Narration;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A problem and how it ends. A plot changes the world through the tale's checked actions and says what it did.</summary>
internal abstract class Plot
{
    /// <summary>Tells one tale, from the opening to the closing sentence.</summary>
    public abstract void Tell(Tale tale);
}
