namespace LlmFromScratch.Training.Autograd;

/// <summary>One recorded step of the forward pass: it knows its inputs and how a gradient of its output becomes gradients of them.</summary>
/// <param name="output">The variable that the operation made.</param>
internal abstract class Operation(Variable output)
{
    public Variable Output { get; } = output;

    /// <summary>Adds to the gradients of the inputs what flows back from the gradient of <see cref="Output"/>.</summary>
    public abstract void Backward(Tape tape);

    /// <summary>Gives back what the operation kept beside its inputs and output.</summary>
    public virtual void Free(Tape tape) { }
}
