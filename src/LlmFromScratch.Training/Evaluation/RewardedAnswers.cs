using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>
/// A model's answers judged twice: by a reward model, and by rules that the reward model only learnt from examples. A policy whose reward rises while its answers get
/// worse by the rules has hacked its reward (Gao et al. 2023, "Scaling laws for reward model overoptimization").
/// </summary>
/// <param name="RewardModel">The reward model's file.</param>
/// <param name="Answered">Conversations whose last answer was left to the model.</param>
/// <param name="Reward">The mean reward.</param>
/// <param name="Asked">Of these, questions with one right answer.</param>
/// <param name="Right">Of these, answered right.</param>
/// <param name="Agreement">The share of words in common with the expected answers, see <see cref="ExpectedAnswerReward"/>.</param>
/// <param name="SaidTwice">Answers that say a sentence twice, however short.</param>
/// <param name="Unfinished">Answers that do not end as a sentence does.</param>
/// <param name="Different">How many different answers there were.</param>
/// <param name="TokensPerAnswer">Their mean length, the end of the turn included.</param>
/// <param name="NatsPerToken"><c>mean (log p - log reference)</c> over the answers' tokens, an estimate of the KL divergence; null without a reference.</param>
/// <param name="Samples">The first few.</param>
public sealed record RewardedAnswers(string RewardModel, int Answered, double Reward, int Asked, int Right, double Agreement, int SaidTwice, int Unfinished, int Different,
    double TokensPerAnswer, double? NatsPerToken, IReadOnlyList<RewardedSample> Samples)
{
    private const int MaxAnswerTokens = 48, SequencesAtOnce = 8;

    /// <summary>Lets the model answer as it stands, at temperature 1, and judges.</summary>
    /// <param name="rewardModel">The reward model's file.</param>
    /// <param name="conversations">The last message of each is the expected answer.</param>
    /// <param name="speaker">The model.</param>
    /// <param name="reference">The model that it was made from, or null; same vocabulary.</param>
    /// <param name="limit">Most conversations.</param>
    /// <param name="shown">How many to show.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidDataException">No conversation can be answered, or the reward model cannot judge this model.</exception>
    internal static RewardedAnswers Measure(string rewardModel, IReadOnlyList<ChatExample> conversations, ChatSpeaker speaker, ChatSpeaker? reference, int limit, int shown,
        Action<double> progress, CancellationToken cancellation)
    {
        ChatExample[] asked = [.. conversations.Where(example => example.Messages.Count > 1 && speaker.Fits(Prompt(example), MaxAnswerTokens)).Take(limit)];
        if (asked.Length == 0) throw new InvalidDataException(
            $"{conversations.Count} conversations, none with an expected answer and short enough for the model; expected at least one to judge.");
        List<Rollout> answers = [];
        double nats = 0;
        foreach (ChatExample example in asked)
        {
            cancellation.ThrowIfCancellationRequested();
            Generation answer = speaker.Sample(Prompt(example), MaxAnswerTokens, seed: (ulong)answers.Count);
            int[] ids = speaker.WithEnd(answer);
            if (reference is not null) nats += speaker.LogProbability(answer.PromptIds, ids) - reference.LogProbability(answer.PromptIds, ids);
            answers.Add(new Rollout([.. answer.PromptIds], ids, answer.Text, example.Messages[^1].Content));
            progress((double)answers.Count / asked.Length);
        }
        double[] rewards = Judge(rewardModel, speaker, answers);
        bool?[] right = [.. asked.Zip(answers, (example, answer) => Question(example) is TaleQuestion question ? AnswerCheck.IsRight(question, answer.Text) : (bool?)null)];
        int tokens = answers.Sum(answer => answer.Answer.Length);
        return new RewardedAnswers(Path.GetFileName(rewardModel), answers.Count, rewards.Average(), right.Count(one => one is not null), right.Count(one => one is true),
            answers.Average(answer => ExpectedAnswerReward.Score(answer.Expected, answer.Text)), answers.Count(answer => !AnswerRules.SaysNothingTwice(answer.Text, leastWords: 1)),
            answers.Count(answer => !AnswerRules.IsFinished(answer.Text)), answers.Select(answer => answer.Text).Distinct().Count(), (double)tokens / answers.Count,
            reference is null ? null : nats / tokens,
            [.. Enumerable.Range(0, Math.Min(shown, answers.Count)).Select(i => new RewardedSample(
                string.Join(" / ", Prompt(asked[i]).Select(message => message.Content)), answers[i].Text, rewards[i], right[i]))]);
    }

    private static double[] Judge(string file, ChatSpeaker speaker, List<Rollout> answers)
    {
        RewardModel model = Alignment.RewardModel.Load(file, speaker.ChatMl.ChatTokenizer, SequencesAtOnce, answers.Max(answer => answer.Prompt.Length + answer.Answer.Length));
        double[] rewards = new double[answers.Count];
        using Tape tape = new(Environment.ProcessorCount);
        model.Score(tape, answers, rewards);
        return rewards;
    }

    private static ChatMessage[] Prompt(ChatExample example) => [.. example.Messages.SkipLast(1)];

    // The question that the last message of the prompt asks.
    private static TaleQuestion? Question(ChatExample example) => AnswerEvaluation.Questions(example)
        .FirstOrDefault(question => example.Messages[^2].Content.EndsWith(question.Question, StringComparison.Ordinal));
}
