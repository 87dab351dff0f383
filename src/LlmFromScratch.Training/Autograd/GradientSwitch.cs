namespace LlmFromScratch.Training.Autograd;

/// <summary>Whether results of a tape get gradients: on unless a <see cref="NoGradientScope"/> is open.</summary>
internal sealed class GradientSwitch
{
    public int OffCount { get; set; }

    /// <summary>Whether a result of these inputs requires a gradient.</summary>
    public bool RequiresGradient(params ReadOnlySpan<Variable?> inputs)
    {
        if (OffCount > 0) return false;
        foreach (Variable? input in inputs)
            if (input is { RequiresGradient: true }) return true;
        return false;
    }
}
