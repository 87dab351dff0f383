using System.Globalization;
using System.Text;
using LlmFromScratch.Training.Interpretability;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>What <c>llmfs eval</c> found out; a section is null where its data was not given.</summary>
public sealed record EvaluationReport
{
    /// <summary>The model file's name.</summary>
    public required string Model { get; init; }

    /// <summary>Weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bits a byte on held-out text.</summary>
    public HeldOutEvaluation? HeldOut { get; init; }

    /// <summary>Masked tokens of held-out text, if the model is an encoder.</summary>
    public MaskedEvaluation? Masked { get; init; }

    /// <summary>Random texts said twice.</summary>
    public InductionReport? Induction { get; init; }

    /// <summary>Answers to questions about worlds that were not trained on.</summary>
    public AnswerEvaluation? Answers { get; init; }

    /// <summary>Whether its tales contradict themselves.</summary>
    public ConsistencyEvaluation? Consistency { get; init; }

    /// <summary>Beside a reference model.</summary>
    public ReferenceComparison? Reference { get; init; }

    /// <summary>Answers judged by a reward model and by rules.</summary>
    public RewardedAnswers? Rewarded { get; init; }

    /// <summary>Texts of the model, as they came.</summary>
    public required IReadOnlyList<SampleReport> Samples { get; init; }

    /// <summary>The report for people.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        Line($"{Model}: {Parameters:n0} parameters");
        if (HeldOut is { } heldOut)
        {
            Line($"{(heldOut.IsOfAnswers ? "answers of held-out talks" : "held-out text")}: {heldOut.BitsPerByte:f4} bits/byte, perplexity {heldOut.Perplexity:f3} a token, {heldOut.TokenCount:n0} tokens of {heldOut.ByteCount:n0} bytes");
            Line($"modified Kneser-Ney 5-gram on the same tokens: {heldOut.NGramBitsPerByte:f4} bits/byte; the model is {heldOut.BelowNGram:p1} below");
        }
        if (Masked is { } masked)
        {
            Line($"masked tokens of held-out text: {masked.Accuracy:p1} of {masked.Asked:n0} guessed, loss {masked.Loss:f3} nats");
            Line($"the 5-gram, which sees the left side only, guesses {masked.NGramAccuracy:p1}; always the commonest token {masked.CommonestAccuracy:p1}");
        }
        if (Induction is { } induction)
        {
            Line($"random tokens said twice: loss {induction.FirstTimeLoss:f3} nats the first time, {induction.SecondTimeLoss:f3} the second");
            Line($"best induction head: layer {induction.Layer}, head {induction.Head}, score {induction.Score:f3}");
        }
        if (Consistency is { } consistency)
        {
            Line($"tales that do not contradict themselves: {consistency.Consistent} of {consistency.Told}, {consistency.Share:p1}");
            foreach (string problem in consistency.Problems) Line($"  {problem}");
        }
        if (Answers is { } answers)
        {
            Line($"questions about unseen worlds: {answers.Right} of {answers.Asked} right, {answers.Accuracy:p1}");
            foreach ((string kind, double accuracy) in answers.ByKind) Line($"  {kind}: {accuracy:p1}");
        }
        if (Reference is { } reference)
        {
            Line($"beside {reference.Model}, {reference.Compared} answers: {reference.Wins} better by rules, {reference.Losses} worse, the others alike; win rate {reference.WinRate:p1}");
            Line($"  rules kept only here : only there: {string.Join(", ", reference.ByRule.Select(rule => $"{rule.Rule} {rule.OnlyHere} : {rule.OnlyThere}"))}");
            Line($"  {reference.Tales} tales: {reference.ConsistentOnlyHere} consistent only here, {reference.ConsistentOnlyThere} only there; win rate {reference.ConsistencyWinRate:p1}");
            Line($"  length {reference.LengthRatio:f2} times the reference's, KL {reference.NatsPerToken:f4} nats a token");
        }
        if (Rewarded is { } rewarded)
        {
            Line($"{rewarded.Answered} answers at temperature 1, judged by {rewarded.RewardModel}: reward {rewarded.Reward:f3}");
            Line($"  by rules: {rewarded.Right} of {rewarded.Asked} questions right, agreement with the expected answers {rewarded.Agreement:p1}");
            Line($"  {rewarded.SaidTwice} say a sentence twice, {rewarded.Unfinished} are not finished, {rewarded.Different} different ones, {rewarded.TokensPerAnswer:f1} tokens each");
            if (rewarded.NatsPerToken is double nats) Line($"  KL {nats:f4} nats a token");
            foreach (RewardedSample sample in rewarded.Samples)
                Line($"  {sample.Prompt}\n  -> {sample.Answer} [reward {sample.Reward:f2}{(sample.IsRight is bool right ? right ? ", right" : ", wrong" : "")}]");
        }
        for (int i = 0; i < Samples.Count; i++) Add(i + 1, Samples[i]);
        return text.ToString();

        void Add(int number, SampleReport sample)
        {
            Line($"");
            Line($"sample {number}");
            Line($"{sample.Text}");
            if (sample.Overlap is not double overlap) return;
            Line($"[{overlap:p1} of its sequences of {TrainingTextIndex.SequenceLength} words stand in the training text]");
            Line($"[nearest to its longest sentence, similarity {sample.Similarity:f2}: {sample.NearestSentence}]");
        }

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
