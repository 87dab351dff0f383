using LlmFromScratch.Inference;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// Lets a policy answer prompts and notes for every token what policy, reference and value head think of it, then its advantage: the first half of a round of
/// PPO (Ouyang et al. 2022) or GRPO (Shao et al. 2024).
/// </summary>
internal sealed class RolloutCollector(PpoConfig config, FineTunedModel policy, Variable? valueHead, DecoderModel reference, IAnswerReward reward)
{
    private const double Guard = 1e-8; // of a deviation that may be 0

    /// <summary>Samples answers, scores them, and computes advantages.</summary>
    /// <param name="tape">Empty before and after.</param>
    /// <param name="prompts">Gives the next prompt and its expected answer.</param>
    /// <param name="random">Gives each answer its own seed.</param>
    public List<Rollout> Collect(Tape tape, Func<ChatExample> prompts, SeededRandom random)
    {
        List<Rollout> rollouts = Sample(prompts, random);
        double[] scores = new double[rollouts.Count];
        reward.Score(tape, rollouts, scores);
        for (int i = 0; i < scores.Length; i++) rollouts[i].Score = scores[i];
        PackedBatch batch = new(config.BatchSize, config.SequenceLength);
        ForEachBatch(rollouts, batch, (examples, chosen) => Read(tape, batch, examples, chosen));
        if (config.Algorithm == "grpo") AdviseByGroup(rollouts);
        else AdviseByValue(rollouts);
        return rollouts;
    }

    /// <summary>Packs rollouts into batches and calls back for each.</summary>
    public static void ForEachBatch(List<Rollout> rollouts, PackedBatch batch, Action<IReadOnlyList<PackedExample>, List<Rollout>> body)
    {
        for (int next = 0; next < rollouts.Count; )
        {
            batch.Clear();
            int first = next;
            while (next < rollouts.Count && batch.TryAdd(rollouts[next].Example)) next++;
            body(batch.Examples, rollouts[first..next]);
        }
    }

    private List<Rollout> Sample(Func<ChatExample> prompts, SeededRandom random)
    {
        using TrainedText speaker = new(policy.Model, policy.ChatMl.ChatTokenizer, config.ThreadCount);
        int answers = config.Algorithm == "grpo" ? config.GroupSize : 1, end = policy.ChatMl.EndId;
        List<Rollout> rollouts = [];
        while (rollouts.Count < config.Rollouts)
        {
            ChatExample example = prompts();
            int[] prompt = policy.ChatMl.EncodePrompt([.. example.Messages.SkipLast(1)]);
            for (int i = 0; i < answers; i++)
            {
                Generation answer = speaker.Continue(prompt, config.MaxAnswerTokens, temperature: 1, random.NextUInt64());
                int[] ids = answer.FinishReason == FinishReason.Length ? [.. answer.Ids] : [.. answer.Ids, end];
                rollouts.Add(new Rollout(prompt, ids, answer.Text, example.Messages[^1].Content));
            }
        }
        return rollouts;
    }

    private void Read(Tape tape, PackedBatch batch, IReadOnlyList<PackedExample> examples, List<Rollout> rollouts)
    {
        using (tape.NoGradient())
        {
            Variable hidden = policy.Model.Hidden(tape, batch.Inputs, batch.SequenceCount, batch.Segments);
            ReadOnlySpan<float> logs = tape.LogProbability(tape.Linear(hidden, AnswerScores.Head(policy.Model)), batch.Targets).Data;
            ReadOnlySpan<float> values = valueHead is null ? [] : tape.Linear(hidden, valueHead).Data;
            for (int i = 0; i < rollouts.Count; i++)
            for (int t = 0; t < rollouts[i].Answer.Length; t++)
            {
                int row = FirstAnswerRow(examples[i], rollouts[i]) + t;
                rollouts[i].OldLogProbabilities[t] = logs[row];
                if (valueHead is not null) rollouts[i].Values[t] = values[row];
            }
            tape.Reset();
            logs = AnswerScores.LogProbabilities(tape, reference, batch).Data;
            for (int i = 0; i < rollouts.Count; i++)
            for (int t = 0; t < rollouts[i].Answer.Length; t++)
                rollouts[i].ReferenceLogProbabilities[t] = logs[FirstAnswerRow(examples[i], rollouts[i]) + t];
        }
        tape.Reset();
    }

    /// <summary>The row that predicts the first token of an answer: that of the prompt's last token.</summary>
    public static int FirstAnswerRow(PackedExample example, Rollout rollout) => example.FirstRow + rollout.Prompt.Length - 1;

    // Every token pays for leaving the reference, β · (old - reference), and the last one gets the score. Advantages are then centred and scaled over all tokens.
    private void AdviseByValue(List<Rollout> rollouts)
    {
        double sum = 0, squares = 0;
        int count = 0;
        foreach (Rollout rollout in rollouts)
        {
            double[] rewards = new double[rollout.Answer.Length];
            for (int t = 0; t < rewards.Length; t++) rewards[t] = -config.Beta * (rollout.OldLogProbabilities[t] - rollout.ReferenceLogProbabilities[t]);
            rewards[^1] += rollout.Score;
            Advantages.Gae(rewards, rollout.Values, config.Discount, config.Lambda, rollout.Advantages);
            for (int t = 0; t < rewards.Length; t++)
            {
                rollout.Returns[t] = rollout.Advantages[t] + rollout.Values[t];
                (sum, squares, count) = (sum + rollout.Advantages[t], squares + rollout.Advantages[t] * rollout.Advantages[t], count + 1);
            }
        }
        double mean = sum / count, deviation = Math.Sqrt(Math.Max(0, squares / count - mean * mean));
        foreach (Rollout rollout in rollouts)
            foreach (ref double advantage in rollout.Advantages.AsSpan()) advantage = (advantage - mean) / (deviation + Guard);
    }

    private void AdviseByGroup(List<Rollout> rollouts)
    {
        for (int first = 0; first < rollouts.Count; first += config.GroupSize)
        {
            double[] scores = [.. rollouts.Skip(first).Take(config.GroupSize).Select(rollout => rollout.Score)], advantages = new double[scores.Length];
            Advantages.Group(scores, advantages);
            for (int i = 0; i < scores.Length; i++) rollouts[first + i].Advantages.AsSpan().Fill(advantages[i]);
        }
    }
}
