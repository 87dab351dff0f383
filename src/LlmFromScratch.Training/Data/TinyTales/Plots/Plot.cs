using LlmFromScratch.Training.Data.TinyTales.Narration;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A problem and how it ends. A plot changes the world through the tale's checked actions and says what it did.</summary>
internal abstract class Plot
{
    /// <summary>The name that statistics and samples show.</summary>
    public string Name => GetType().Name;

    /// <summary>Whether no tale of the training split has this plot: a model meets it only when it is measured.</summary>
    public virtual bool IsHeldOut => false;

    /// <summary>What one can learn from such a tale, a frame: "A friend who tells the truth is a true friend."</summary>
    public abstract string Moral { get; }

    /// <summary>Tells one tale, from the opening to the closing sentence, and says in it what it is about and what one can ask.</summary>
    public abstract void Tell(Tale tale);
}
