using System.Text.Json;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Alignment;

/// <summary>From preferences to a reward model's file, and from that file to a policy.</summary>
public sealed class LearntRewardTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void RewardThenPpoThenEval_ALearntReward_IsHackedOnlyWhereLeavingTheReferenceIsFree()
    {
        // The reward model saw two words, a better one and a worse one. Free to leave the reference, the policy finds other texts that it likes as much; where
        // every nat of divergence has its price, the better word is what remains.
        string parent = TinyChat.SaveParentOfTwoAnswers(_directory), reward = Path.Combine(_directory, "reward.gguf");
        CommandLineSucceeds("reward", "--config", Recipe("reward", RewardFields(parent, reward)));
        JsonElement world = JsonDocument.Parse("""{"questions":[{"kind":"what","question":"say a word","answer":"kind","key":"kind"}]}""").RootElement;
        string talks = TinyChat.SaveLines(_directory, "asked.jsonl", Enumerable.Repeat(TinyChat.Ask("say a word", "kind") with { World = world }, 40));

        JsonElement before = Judged(parent), free = Judged(Taught("free", "0")), held = Judged(Taught("held", "2"));
        Assert.All([free, held], after => Assert.True(Number(after, "reward") > Number(before, "reward") + 1, $"{before}\n{after}"));
        Assert.InRange(Number(before, "right"), 8, 20); // of 40: somewhat less often than the worse word
        Assert.True(Number(free, "right") < 4 && Number(free, "natsPerToken") > 1, $"free: {free}");
        Assert.True(Number(held, "right") > 20 && Number(held, "natsPerToken") < 0.5, $"held: {held}");
        Assert.Equal((40, 0), (Number(before, "asked"), Number(before, "natsPerToken"))); // beside itself
        Assert.Contains("judged by reward.gguf", CommandLineSucceeds("eval", "--model", parent, "--conversations", talks, "--reward", reward, "--samples", "1"));

        string Taught(string name, string beta)
        {
            string child = Path.Combine(_directory, name + ".gguf");
            CommandLineSucceeds("ppo", "--config", Recipe(name, PolicyFields(parent, child, reward, beta)));
            return child;
        }

        JsonElement Judged(string model) => JsonDocument.Parse(CommandLineSucceeds(
            "eval", "--model", model, "--conversations", talks, "--reward", reward, "--reference", parent, "--samples", "1", "--json")).RootElement.GetProperty("rewarded");

        static double Number(JsonElement judged, string name) => judged.GetProperty(name).GetDouble();
    }

    [Fact]
    public void Reward_ThreadsAndResume_DoNotMoveABit()
    {
        string parent = TinyChat.SaveParent(_directory);
        string whole = TeachReward("whole", parent, steps: 6, threads: 1), pair = TeachReward("pair", parent, steps: 6, threads: 2);
        RewardConfig parts = RewardConfig("parts", parent, steps: 6, threads: 2);
        Assert.False(FineTuningRun.Reward(parts, false, new TrainingLog(new CancelAfter(3, out CancellationToken cancel)), cancel).Completed);
        Assert.True(FineTuningRun.Reward(parts, true, new TrainingLog(TextWriter.Null), CancellationToken.None).Completed);
        Assert.Equal(Metrics("whole"), Metrics("pair"));
        Assert.Equal(Metrics("whole"), Metrics("parts"));
        Assert.Contains("heldOutKind", Metrics("whole")[^1]); // the share of pairs of the rule "kind"
        AssertSameWeights(whole, pair);
        AssertSameWeights(whole, parts.ExportFile!); // not null: set below
    }

    [Fact]
    public void Ppo_ThreadsAndResume_DoNotMoveABit()
    {
        string parent = TinyChat.SaveParent(_directory), reward = TeachReward("reward", parent, steps: 6, threads: 1);
        PpoConfig whole = PolicyConfig("whole", parent, reward, threads: 1), pair = PolicyConfig("pair", parent, reward, threads: 2), parts = PolicyConfig("parts", parent, reward, threads: 2);
        FineTuningRun.Ppo(whole, false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        FineTuningRun.Ppo(pair, false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        Assert.False(FineTuningRun.Ppo(parts, false, new TrainingLog(new CancelAfter(3, out CancellationToken cancel)), cancel).Completed); // between two updates of a round
        string other = TeachReward("other", parent, steps: 5, threads: 1);
        Assert.Throws<InvalidDataException>(() => FineTuningRun.Ppo(parts with { Reward = other }, true, new TrainingLog(TextWriter.Null), CancellationToken.None)); // half of one, half of another
        Assert.True(FineTuningRun.Ppo(parts, true, new TrainingLog(TextWriter.Null), CancellationToken.None).Completed);
        Assert.Equal(Metrics("whole"), Metrics("pair"));
        Assert.Equal(Metrics("whole"), Metrics("parts"));
        AssertSameWeights(whole.ExportFile!, pair.ExportFile!); // not null: set below
        AssertSameWeights(whole.ExportFile!, parts.ExportFile!);
    }

    [Fact]
    public void SaveAndLoad_RewardModel_JudgesAsBefore()
    {
        RewardModel model = new(TinyChat.Model(seed: 3), 2, 60);
        Variable head = model.Parameters[^1];
        for (int i = 0; i < head.Data.Length; i++) head.Data[i] = 0.1f * (i % 5 - 2);
        string file = Path.Combine(_directory, "saved.gguf");
        model.Save("saved", DType.F32, TinyChat.ChatMl, file);
        RewardModel loaded = RewardModel.Load(file, TinyChat.Tokenizer, 2, 60);
        Assert.Equal(model.Identity, loaded.Identity);
        Assert.Equal(Scores(model), Scores(loaded));
        Assert.NotEqual(0, Scores(loaded)[0]);

        static double[] Scores(RewardModel model)
        {
            using Tape tape = new();
            int[] prompt = TinyChat.ChatMl.EncodePrompt([new ChatMessage("user", "say a word")]);
            double[] scores = new double[2];
            model.Score(tape, [new Rollout(prompt, TinyChat.ChatMl.EncodeAnswer("kind"), "kind", ""), new Rollout(prompt, TinyChat.ChatMl.EncodeAnswer("rude"), "rude", "")], scores);
            return scores;
        }
    }

    [Fact]
    public void Load_WhatCannotJudge_IsNamed()
    {
        string parent = TinyChat.SaveParent(_directory), reward = Path.Combine(_directory, "reward.gguf");
        new RewardModel(TinyChat.Model(), 2, 60).Save("reward", DType.F32, TinyChat.ChatMl, reward);
        ByteLevelBpeTokenizer stranger = new BpeTrainer(new BpeTrainingOptions { VocabSize = 270, ControlTokens = ["<|endoftext|>"] }).Train(["red and green"], null, default);
        AssertRefused("reward_head.weight' is missing", parent, TinyChat.Tokenizer, 60); // a model that only speaks
        AssertRefused("another than the one of", reward, stranger, 60);
        AssertRefused("reads 256 tokens; expected at least the 257", reward, TinyChat.Tokenizer, 257);
        Cli.CommandLine.Result missing = Cli.CommandLine.Run("ppo", "--config", Recipe("missing", PolicyFields(parent, reward, Path.Combine(_directory, "nowhere.gguf"), "0.1")));
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("nowhere.gguf", missing.Error);
        Cli.CommandLine.Result alone = Cli.CommandLine.Run("eval", "--model", parent, "--reward", reward);
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("--reward needs --conversations", alone.Error);

        static void AssertRefused(string expected, string file, ByteLevelBpeTokenizer tokenizer, int tokens)
        {
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => RewardModel.Load(file, tokenizer, 2, tokens));
            Assert.StartsWith(file, error.Message);
            Assert.Contains(expected, error.Message);
        }
    }

    private string TeachReward(string name, string parent, int steps, int threads)
    {
        RewardConfig config = RewardConfig(name, parent, steps, threads);
        FineTuningRun.Reward(config, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        return config.ExportFile!; // not null: set below
    }

    private RewardConfig RewardConfig(string name, string parent, int steps, int threads) =>
        ConfigFile.Load<RewardConfig>(Recipe(name, RewardFields(parent, Path.Combine(_directory, name + ".gguf")))) with { Steps = steps, Threads = threads };

    private PpoConfig PolicyConfig(string name, string parent, string reward, int threads) =>
        ConfigFile.Load<PpoConfig>(Recipe(name, PolicyFields(parent, Path.Combine(_directory, name + ".gguf"), reward, "0.1"))) with { Steps = 5, Rollouts = 4, UpdatesPerRollout = 2, Threads = threads };

    private string RewardFields(string parent, string output)
    {
        PreferenceExample[] pairs = [.. Enumerable.Repeat(new PreferenceExample([new ChatMessage("user", "say a word")], "kind", "rude", "kind"), 4)];
        return $"\"parent\": {Json(parent)}, \"examples\": {Json(TinyChat.SaveLines(_directory, "pairs.jsonl", pairs))}, \"steps\": 20, \"learningRate\": 0.01, "
            + $"\"exportFile\": {Json(output)}, \"exportType\": \"F32\"";
    }

    private string PolicyFields(string parent, string output, string reward, string beta)
    {
        string talks = TinyChat.SaveLines(_directory, "talks.jsonl", Enumerable.Repeat(TinyChat.Ask("say a word", "kind"), 3));
        return $"\"parent\": {Json(parent)}, \"examples\": {Json(talks)}, \"reward\": {Json(reward)}, \"steps\": 42, \"learningRate\": 0.002, \"beta\": {beta}, "
            + $"\"rollouts\": 32, \"updatesPerRollout\": 3, \"maxAnswerTokens\": 6, \"exportFile\": {Json(output)}, \"exportType\": \"F32\"";
    }

    private string Recipe(string name, string fields)
    {
        string path = Path.Combine(_directory, name + ".json");
        File.WriteAllText(path, $$"""
            {
              "name": {{Json(name)}}, "runDirectory": {{Json(Path.Combine(_directory, name))}}, "heldOutExamples": 1, "batchSize": 2, "sequenceLength": 60, "warmupSteps": 2,
              "logEvery": 1, "threads": 1, {{fields}}
            }
            """);
        return path;
    }

    // general.name differs.
    private static void AssertSameWeights(string one, string other)
    {
        ParentModel first = ParentModel.Load(one), second = ParentModel.Load(other);
        Assert.All(first.Model.Parameters.Zip(second.Model.Parameters), pair => Assert.Equal(pair.First.Data.ToArray(), pair.Second.Data.ToArray()));
    }

    private string[] Metrics(string name) =>
        [.. File.ReadLines(Path.Combine(_directory, name, "metrics.jsonl")).Select(line => line.Split(",\"seconds\"")[0])];

    private static string CommandLineSucceeds(params string[] arguments)
    {
        Cli.CommandLine.Result result = Cli.CommandLine.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
