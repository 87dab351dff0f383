namespace LlmFromScratch.Training.Alignment;

/// <summary>An answer that the policy sampled, and what is known of each of its n tokens. The unit of reinforcement learning here.</summary>
public sealed class Rollout
{
    /// <summary>A sampled answer.</summary>
    /// <param name="prompt">The ids that were read.</param>
    /// <param name="answer">[n] the ids that were sampled, the end of the turn included if it came.</param>
    /// <param name="text">The answer.</param>
    /// <param name="expected">The answer that the data gives to this prompt, for rewards that compare.</param>
    public Rollout(int[] prompt, int[] answer, string text, string expected)
    {
        (Prompt, Answer, Text, Expected) = (prompt, answer, text, expected);
        Example = TokenizedExample.Answer(prompt, answer);
        OldLogProbabilities = new double[answer.Length];
        ReferenceLogProbabilities = new double[answer.Length];
        Values = new double[answer.Length + 1];
        Advantages = new double[answer.Length];
        Returns = new double[answer.Length];
    }

    /// <summary>The ids that were read.</summary>
    public int[] Prompt { get; }

    /// <summary>[n] the ids that were sampled.</summary>
    public int[] Answer { get; }

    /// <summary>The answer as text.</summary>
    public string Text { get; }

    /// <summary>What the data says.</summary>
    public string Expected { get; }

    /// <summary>Both, for packing.</summary>
    public TokenizedExample Example { get; }

    /// <summary>How good the answer is.</summary>
    public double Score { get; set; }

    /// <summary>[n] by the policy that sampled.</summary>
    public double[] OldLogProbabilities { get; }

    /// <summary>[n] by the model that the policy started from.</summary>
    public double[] ReferenceLogProbabilities { get; }

    /// <summary>[n + 1] what the value head expected before each token; 0 after the last.</summary>
    public double[] Values { get; }

    /// <summary>[n] how much better than expected each token was.</summary>
    public double[] Advantages { get; }

    /// <summary>[n] what came from each token on.</summary>
    public double[] Returns { get; }

    /// <summary><c>Σ (old - reference)</c>: an estimate of how far the policy has left the reference in this answer, in nats.</summary>
    public double Divergence
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Answer.Length; i++) sum += OldLogProbabilities[i] - ReferenceLogProbabilities[i];
            return sum;
        }
    }
}
