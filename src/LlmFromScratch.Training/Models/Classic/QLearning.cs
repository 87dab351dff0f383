using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Models.Classic;

/// <summary>
/// Learns the value of each action in each state from steps alone, without knowing the world: <c>Q(s, a) += α · (r + γ · max Q(s', ·) - Q(s, a))</c>
/// (Watkins 1989).
/// </summary>
/// <param name="stateCount">States.</param>
/// <param name="actionCount">Actions.</param>
/// <param name="learningRate">α in (0, 1].</param>
/// <param name="discount">γ in [0, 1): what a reward is worth one step later.</param>
public sealed class QLearning(int stateCount, int actionCount, double learningRate, double discount)
{
    private readonly double[] _values = new double[stateCount * actionCount];

    /// <summary>Q of a state and an action.</summary>
    public double this[int state, int action] => _values[state * actionCount + action];

    /// <summary>The action of the highest value; of equal ones the first.</summary>
    public int Best(int state)
    {
        int best = 0;
        for (int action = 1; action < actionCount; action++)
            if (this[state, action] > this[state, best]) best = action;
        return best;
    }

    /// <summary>The best action, or with probability ε a random one.</summary>
    public int Choose(int state, double exploration, SeededRandom random) =>
        random.NextDouble() < exploration ? random.NextInt(actionCount) : Best(state);

    /// <summary>Learns one step.</summary>
    /// <param name="state">Before.</param>
    /// <param name="action">Taken.</param>
    /// <param name="reward">Got.</param>
    /// <param name="next">The state after, or null if that was the end.</param>
    public void Learn(int state, int action, double reward, int? next)
    {
        double target = reward + (next is int following ? discount * this[following, Best(following)] : 0);
        _values[state * actionCount + action] += learningRate * (target - this[state, action]);
    }
}
