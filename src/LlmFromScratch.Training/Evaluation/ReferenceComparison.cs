using LlmFromScratch.Inference;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Data.Checking;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>A model beside the one that it was made from: whose answers are better by <see cref="AnswerRules"/>, and how far it has moved from it.</summary>
/// <param name="Model">The reference's file.</param>
/// <param name="Compared">Prompts that both answered.</param>
/// <param name="Wins">Answers that the rules like better than the reference's.</param>
/// <param name="Losses">Answers that they like less; the others are ties.</param>
/// <param name="Tales">Prompts that asked for a tale.</param>
/// <param name="ConsistentOnlyHere">Of these, tales that the world checker finds consistent where it does not find the reference's so.</param>
/// <param name="ConsistentOnlyThere">The other way round.</param>
/// <param name="LengthRatio">Tokens of all answers over those of the reference's.</param>
/// <param name="NatsPerToken"><c>mean (log p - log reference)</c> over the tokens of further answers, drawn from the model as it is (temperature 1), the end of the turn included: an estimate of the KL divergence without bias.</param>
/// <param name="ByRule">What each rule alone tells apart.</param>
public sealed record ReferenceComparison(string Model, int Compared, int Wins, int Losses, int Tales, int ConsistentOnlyHere, int ConsistentOnlyThere, double LengthRatio, double NatsPerToken,
    IReadOnlyList<RuleComparison> ByRule)
{
    private const int MaxAnswerTokens = 260, LeastOfATale = 200; // tokens; characters
    private const float Temperature = 0.7f;

    /// <summary>Wins of all answers that the rules tell apart; one half where they tell none apart.</summary>
    public double WinRate => Wins + Losses == 0 ? 0.5 : (double)Wins / (Wins + Losses);

    /// <summary>Tales that are consistent only here of all that the world checker tells apart; one half where it tells none apart.</summary>
    public double ConsistencyWinRate => ConsistentOnlyHere + ConsistentOnlyThere == 0 ? 0.5 : (double)ConsistentOnlyHere / (ConsistentOnlyHere + ConsistentOnlyThere);

    /// <summary>Lets both answer the same prompts.</summary>
    /// <param name="name">The reference's file.</param>
    /// <param name="prompts">Conversations; the first message is the prompt.</param>
    /// <param name="speaker">The model.</param>
    /// <param name="reference">The reference; same vocabulary.</param>
    /// <param name="limit">Most prompts.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    internal static ReferenceComparison Measure(string name, IReadOnlyList<ChatExample> prompts, ChatSpeaker speaker, ChatSpeaker reference, int limit,
        Action<double> progress, CancellationToken cancellation)
    {
        double nats = 0;
        List<(bool[] Here, bool[] There)> rules = [];
        int wins = 0, losses = 0, tales = 0, here = 0, there = 0, compared = 0, tokens = 0, referenceTokens = 0, drawnTokens = 0;
        foreach (ChatExample example in prompts.Take(limit))
        {
            cancellation.ThrowIfCancellationRequested();
            ChatMessage[] prompt = [example.Messages[0]];
            if (!speaker.Fits(prompt, MaxAnswerTokens)) continue;
            ulong seed = (ulong)compared;
            Generation mine = speaker.Answer(prompt, MaxAnswerTokens, Temperature, seed), theirs = reference.Answer(prompt, MaxAnswerTokens, Temperature, seed);
            bool[] kept = AnswerRules.Kept(prompt[0].Content, mine.Text), keptThere = AnswerRules.Kept(prompt[0].Content, theirs.Text);
            rules.Add((kept, keptThere));
            int better = kept.Count(one => one).CompareTo(keptThere.Count(one => one));
            if (better > 0) wins++;
            if (better < 0) losses++;
            if (example.Messages.Count > 1 && example.Messages[1].Content.Length >= LeastOfATale)
            {
                tales++;
                int holds = WorldChecker.Check(mine.Text).IsConsistent.CompareTo(WorldChecker.Check(theirs.Text).IsConsistent);
                if (holds > 0) here++;
                if (holds < 0) there++;
            }
            Generation drawn = speaker.Sample(prompt, MaxAnswerTokens, seed);
            int[] ids = speaker.WithEnd(drawn);
            nats += speaker.LogProbability(drawn.PromptIds, ids) - reference.LogProbability(drawn.PromptIds, ids);
            drawnTokens += ids.Length;
            (compared, tokens, referenceTokens) = (compared + 1, tokens + mine.Ids.Count, referenceTokens + theirs.Ids.Count);
            progress((double)compared / limit);
        }
        return new ReferenceComparison(name, compared, wins, losses, tales, here, there, (double)tokens / Math.Max(1, referenceTokens), nats / Math.Max(1, drawnTokens),
            RuleComparison.Count(rules, AnswerRules.Names));
    }
}
