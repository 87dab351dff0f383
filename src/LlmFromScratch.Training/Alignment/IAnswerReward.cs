using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Says how good sampled answers are: a learnt <see cref="RewardModel"/>, or a rule that can be verified.</summary>
public interface IAnswerReward
{
    /// <summary>What a checkpoint of a run with this reward belongs to.</summary>
    string Identity { get; }

    /// <summary>A number for each answer; higher is better.</summary>
    /// <param name="tape">For models that must run; empty before and after.</param>
    /// <param name="rollouts">[n] the answers.</param>
    /// <param name="scores">[n].</param>
    void Score(Tape tape, IReadOnlyList<Rollout> rollouts, Span<double> scores);
}
