namespace LlmFromScratch.Training.Alignment;

/// <summary>How much better than expected an action was.</summary>
public static class Advantages
{
    private const double Guard = 1e-8; // keeps the quotient finite; 0 for a group of equal rewards

    /// <summary>
    /// Generalised advantage estimation (Schulman et al. 2016, eq. 16), from the last action to the first:
    /// <c>A[t] = δ[t] + γ λ A[t+1]</c> with <c>δ[t] = reward[t] + γ value[t+1] - value[t]</c>.
    /// </summary>
    /// <param name="rewards">[T].</param>
    /// <param name="values">[T + 1] what is expected before each action; the last is 0 where the text ended.</param>
    /// <param name="discount">γ: how much a reward counts one action earlier.</param>
    /// <param name="lambda">λ: 0 trusts the values, 1 the rewards that came.</param>
    /// <param name="advantages">[T].</param>
    public static void Gae(ReadOnlySpan<double> rewards, ReadOnlySpan<double> values, double discount, double lambda, Span<double> advantages)
    {
        if (values.Length != rewards.Length + 1 || advantages.Length != rewards.Length) throw new ArgumentException(
            $"Gae: {rewards.Length} rewards, {values.Length} values, {advantages.Length} advantages; expected one value more than rewards.", nameof(values));
        double next = 0;
        for (int t = rewards.Length - 1; t >= 0; t--)
        {
            double delta = rewards[t] + discount * values[t + 1] - values[t];
            advantages[t] = next = delta + discount * lambda * next;
        }
    }

    /// <summary>Group relative advantages (Shao et al. 2024, DeepSeekMath, section 4.1): <c>(reward - mean) / (deviation + 1e-8)</c> over the answers to one prompt.</summary>
    /// <param name="rewards">[G] the group's rewards.</param>
    /// <param name="advantages">[G].</param>
    public static void Group(ReadOnlySpan<double> rewards, Span<double> advantages)
    {
        double mean = 0, variance = 0;
        foreach (double reward in rewards) mean += reward / rewards.Length;
        foreach (double reward in rewards) variance += (reward - mean) * (reward - mean) / rewards.Length;
        for (int i = 0; i < rewards.Length; i++) advantages[i] = (rewards[i] - mean) / (Math.Sqrt(variance) + Guard);
    }
}
