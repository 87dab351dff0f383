using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Optimization;

/// <summary>Moves weights against their gradients. What it remembers of each weight is its state, which a checkpoint holds.</summary>
public abstract class Optimizer
{
    private readonly float[][][] _state; // [parameter][array], each array as long as the parameter

    /// <summary>Starts with states of zero.</summary>
    /// <param name="parameters">The weights to move.</param>
    /// <param name="stateCount">How many arrays the optimizer keeps for a parameter.</param>
    protected Optimizer(IReadOnlyList<Variable> parameters, Func<Variable, int> stateCount)
    {
        Parameters = parameters;
        _state = [.. parameters.Select(parameter =>
            Enumerable.Range(0, stateCount(parameter)).Select(_ => new float[parameter.Shape.Count]).ToArray())];
    }

    /// <summary>The weights that it moves.</summary>
    public IReadOnlyList<Variable> Parameters { get; }

    /// <summary>t: how many steps were made.</summary>
    public int StepCount { get; internal set; }

    /// <summary>Bytes of its state.</summary>
    public long StateBytes => _state.Sum(arrays => arrays.Sum(array => (long)array.Length * sizeof(float)));

    /// <summary>Moves every weight once.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    public void Step(float learningRate)
    {
        StepCount++;
        for (int i = 0; i < Parameters.Count; i++) Update(Parameters[i], _state[i], learningRate);
    }

    /// <summary>The arrays that are kept for one parameter.</summary>
    internal IReadOnlyList<float[]> State(int parameter) => _state[parameter];

    /// <summary>Whether weight decay fades a parameter: matrices do; norms and biases, which have one axis, do not.</summary>
    protected static bool Decays(Variable parameter) => parameter.Shape.Rank > 1;

    /// <summary>Moves one parameter; <see cref="StepCount"/> counts this step already.</summary>
    /// <param name="parameter">The weights and their gradient.</param>
    /// <param name="state">What is kept of them.</param>
    /// <param name="learningRate">The rate of this step.</param>
    protected abstract void Update(Variable parameter, float[][] state, float learningRate);
}
