using System.Diagnostics;

namespace LlmFromScratch.Training;

/// <summary>How fast the steps of this call go; evaluations and checkpoints are left out.</summary>
/// <param name="tokensPerStep">Tokens that a step reads.</param>
internal sealed class TrainingSpeed(int tokensPerStep)
{
    private readonly Stopwatch _steps = new(), _shown = Stopwatch.StartNew();
    private int _count;

    public double Seconds => _steps.Elapsed.TotalSeconds;

    public double TokensPerSecond => (double)_count * tokensPerStep / Seconds;

    public TimeSpan SinceShown => _shown.Elapsed;

    public void Start() => _steps.Start();

    public void Stop()
    {
        _steps.Stop();
        _count++;
    }

    public void Shown() => _shown.Restart();

    /// <summary>The time that so many more steps will take, in whole seconds.</summary>
    public TimeSpan Left(int steps) => TimeSpan.FromSeconds((long)(Seconds / _count * steps));
}
