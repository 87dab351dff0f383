namespace LlmFromScratch.Training.Autograd;

/// <summary>Made by <see cref="ITape.NoGradient"/>; ends when it is disposed. Scopes may stand inside each other.</summary>
public readonly struct NoGradientScope : IDisposable
{
    private readonly GradientSwitch _switch;

    internal NoGradientScope(GradientSwitch gradientSwitch)
    {
        _switch = gradientSwitch;
        _switch.OffCount++;
    }

    /// <summary>Ends the scope.</summary>
    public void Dispose() => _switch.OffCount--;
}
