using System.Text;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// A verifiable reward: the share of the words of the expected answer that the sampled one has, and 1 for the expected answer itself. Letters count without their
/// case, punctuation does not count.
/// </summary>
public sealed class ExpectedAnswerReward : IAnswerReward
{
    /// <inheritdoc/>
    public string Identity => "expected answer";

    /// <inheritdoc/>
    public void Score(Tape tape, IReadOnlyList<Rollout> rollouts, Span<double> scores)
    {
        for (int i = 0; i < rollouts.Count; i++) scores[i] = Score(rollouts[i].Expected, rollouts[i].Text);
    }

    /// <summary><c>F = 2 · common / (expected words + answered words)</c>, words as often as they occur.</summary>
    internal static double Score(string expected, string answer)
    {
        List<string> wanted = Words(expected), given = Words(answer);
        int total = wanted.Count + given.Count, common = 0;
        foreach (string word in given)
            if (wanted.Remove(word)) common++;
        return total == 0 ? 1 : 2.0 * common / total;
    }

    private static List<string> Words(string text)
    {
        StringBuilder letters = new();
        foreach (char letter in text) letters.Append(char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ');
        return [.. letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}
