using LlmFromScratch.Numerics;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Tests.Training.Alignment;

/// <summary>A whole step of fine-tuning: it draws examples, packs them, and learns from them.</summary>
public sealed class FineTuningAllocationTests : IDisposable
{
    private const int HeldOut = 1, WarmUp = 20; // steps until a batch has held as many examples as it can

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void SftStep_AfterWarmUp_AllocatesOnlyWhatItMeasured()
    {
        ChatExample[] talks = [TinyChat.Ask("sky", "blue"), TinyChat.Ask("what colour is the grass?", "green"), TinyChat.Ask("sun", "yellow yellow")];
        ExampleSet<TokenizedTalk> examples = new(TinyChat.SaveLines(_directory, "talks.jsonl", talks), talks.Select(talk => TokenizedTalk.Of(talk, TinyChat.ChatMl)), HeldOut, _ => true);
        SftConfig config = new() { Name = "sft", RunDirectory = _directory, Parent = "", Examples = "", BatchSize = 4, SequenceLength = 64, AccumulationSteps = 2, Steps = 1, LearningRate = 0.01f };
        Assert.InRange(Allocated(new SftObjective(config, TinyChat.Tuned(), examples)), 0, 64); // the list of one measurement, which the caller may keep
    }

    [Fact]
    public void DpoStep_AfterWarmUp_AllocatesAFewNumbersAPair()
    {
        DpoConfig config = new() { Name = "dpo", RunDirectory = _directory, Parent = "", Examples = "", BatchSize = 4, SequenceLength = 64, Steps = 1, LearningRate = 0.01f };
        DpoObjective objective = new(config, TinyChat.Tuned(), TinyChat.Model(), Pairs(TokenizedPair.ToSay));
        Assert.InRange(Allocated(objective), 0, 1024);
    }

    [Fact]
    public void RewardStep_AfterWarmUp_AllocatesAFewNumbersAPair()
    {
        RewardConfig config = new() { Name = "reward", RunDirectory = _directory, Parent = "", Examples = "", BatchSize = 4, SequenceLength = 64, Steps = 1, LearningRate = 0.01f };
        Assert.InRange(Allocated(new RewardObjective(config, new RewardModel(TinyChat.Model(), 4, 64), Pairs(TokenizedPair.ToJudge))), 0, 1024);
    }

    private ExampleSet<TokenizedPair> Pairs(Func<PreferenceExample, ChatMl, TokenizedPair> tokenize)
    {
        PreferenceExample[] pairs = [.. Enumerable.Repeat(new PreferenceExample([new ChatMessage("user", "say a word")], "kind", "rude", "kind"), 3)];
        return new ExampleSet<TokenizedPair>(TinyChat.SaveLines(_directory, "pairs.jsonl", pairs), pairs.Select(pair => tokenize(pair, TinyChat.ChatMl)), HeldOut, _ => true);
    }

    private static long Allocated(ITrainingObjective objective)
    {
        SeededRandom random = new(1);
        return StepAllocations.Least(objective.Parameters, tape => objective.AccumulateGradients(tape, random), WarmUp);
    }
}
