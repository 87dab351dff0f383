using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Alignment;

public sealed class ReinforcementTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void RewardModel_PreferredAnswers_GetTheHigherReward()
    {
        RewardModel model = TeachKindness(out ChatMl chat);
        using Tape tape = new();
        int[] prompt = chat.EncodePrompt([new ChatMessage("user", "say a word")]);
        Rollout[] rollouts = [new(prompt, chat.EncodeAnswer("kind"), "kind", ""), new(prompt, chat.EncodeAnswer("rude"), "rude", "")];
        double[] scores = new double[2];
        model.Score(tape, rollouts, scores);
        Assert.True(scores[0] > scores[1] + 1, $"kind {scores[0]}, rude {scores[1]}");
    }

    [Theory]
    [InlineData("kind", "KIND.", 1)]
    [InlineData("the sky is blue", "the sky", 2 * 2.0 / 6)] // two words in common of four and two
    [InlineData("blue", "blue blue", 2 * 1.0 / 3)] // said twice counts once
    [InlineData("blue", "", 0)]
    public void ExpectedAnswer_WordsInCommon_AreCounted(string expected, string answer, double score) =>
        Assert.Equal(score, ExpectedAnswerReward.Score(expected, answer), 1e-12);

    [Theory]
    [InlineData("ppo")]
    [InlineData("grpo")]
    public void Policy_RewardedForOneOfTwoAnswers_LearnsToGiveIt(string algorithm)
    {
        StringWriter log = new();
        PpoConfig config = Config(algorithm, TinyChat.SaveParentOfTwoAnswers(_directory)) with { Algorithm = algorithm, Steps = 42, UpdatesPerRollout = 3, FinalLearningRate = 0.001f, Rollouts = 32 };
        FineTuningRun.Ppo(config, resume: false, new TrainingLog(log), CancellationToken.None);
        string[] lines = [.. log.ToString().Split('\n').Where(line => line.Contains("  reward "))];
        double before = Reward(lines[0]), after = lines[^4..].Average(Reward);
        Assert.InRange(before, 0.2, 0.8); // it gives both answers about as often
        Assert.True(after > 0.85, $"{before} to {after}: {log}");

        static double Reward(string line) => double.Parse(line.Split("  reward ")[1].Split("  ")[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Ppo_CancelledBetweenTwoUpdatesAndResumed_HasTheLossesOfOneRun()
    {
        PpoConfig config = Config("whole", TinyChat.SaveParent(_directory)) with { Steps = 5, Rollouts = 4 }, parts = config with { RunDirectory = config.RunDirectory + "-parts" };
        FineTuningRun.Ppo(config, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        Assert.False(FineTuningRun.Ppo(parts, false, new TrainingLog(new CancelAfter(3, out CancellationToken cancel)), cancel).Completed); // 2 updates a round
        FineTuningRun.Ppo(parts, true, new TrainingLog(TextWriter.Null), CancellationToken.None);
        Assert.Equal(Losses(config), Losses(parts));
    }

    [Fact]
    public void Ppo_RewardThatCanBeHacked_IsHackedOnlyWhereLeavingTheReferenceIsFree()
    {
        // The reward counts tokens, as a reward model that likes long answers would. Free to leave the reference, the policy talks on and says nothing that was
        // asked; where every nat of divergence has its price, it stays with the short answers that it was taught.
        string parent = TinyChat.SaveParentOfTwoAnswers(_directory);
        (double reward, double agreement, double divergence) free = Learn("free", 0), held = Learn("held", 2);
        Assert.True(free.reward > 5 && free.agreement < 0.2 && free.divergence > 5, $"free: {free}");
        Assert.True(held.reward < 4.5 && held.divergence < 1, $"held: {held}");

        (double, double, double) Learn(string name, double beta)
        {
            PpoConfig config = Config(name, parent) with { Beta = beta, Steps = 30, UpdatesPerRollout = 3, LearningRate = 0.006f, FinalLearningRate = 0.002f };
            FineTunedModel policy = new(ParentModel.Load(parent), null, 1);
            ExampleSet<ChatExample> examples = new(config.Examples, JsonLines.Read<ChatExample>(config.Examples), 1, _ => true);
            PpoObjective objective = new(config, policy, ParentModel.Load(parent).Model, new LengthReward(), examples);
            using Trainer trainer = new(config, objective, new TrainingLog(TextWriter.Null));
            trainer.Train(resume: false, CancellationToken.None);
            Dictionary<string, double> measured = trainer.Evaluate().ToDictionary(one => one.Name, one => one.Value);
            return (measured["heldOutReward"], measured["heldOutAgreement"], measured["heldOutDivergence"]);
        }
    }

    private sealed class LengthReward : IAnswerReward
    {
        public string Identity => "length";

        public void Score(Tape tape, IReadOnlyList<Rollout> rollouts, Span<double> scores)
        {
            for (int i = 0; i < rollouts.Count; i++) scores[i] = rollouts[i].Answer.Length;
        }
    }

    [Fact]
    public void Ppo_FirstUpdate_HasRatiosOfOne()
    {
        // Before the policy has moved, r = 1 for every token, so the loss is minus the mean of the advantages, which were centred: 0.
        StringWriter log = new();
        FineTuningRun.Ppo(Config("first", TinyChat.SaveParent(_directory)) with { Steps = 1 }, resume: false, new TrainingLog(log), CancellationToken.None);
        string loss = log.ToString().Split("step 1/1  loss ")[1].Split(' ')[0];
        Assert.Equal(0, double.Parse(loss, System.Globalization.CultureInfo.InvariantCulture), 1e-4);
    }

    [Fact]
    public void Ppo_PromptWithoutRoomForTheLongestAnswer_IsLeftOut()
    {
        // With 58 of 60 tokens taken, an answer of up to 6 would be cut after 2 and judged as if it had ended there.
        ChatExample fits = TinyChat.Ask("say a word", "kind"), tight = fits;
        while (TinyChat.ChatMl.EncodePrompt([tight.Messages[0]]).Length < 58) tight = TinyChat.Ask("a " + tight.Messages[0].Content, "kind");
        Assert.InRange(TinyChat.ChatMl.EncodePrompt([tight.Messages[0]]).Length, 58, 59);
        StringWriter log = new();
        PpoConfig config = Config("room", TinyChat.SaveParent(_directory)) with { Examples = TinyChat.SaveLines(_directory, "tight.jsonl", [tight, fits, fits]) };
        FineTuningRun.Ppo(config, resume: false, new TrainingLog(log), CancellationToken.None);
        Assert.Contains("1 examples of", log.ToString());
    }

    private RewardModel TeachKindness(out ChatMl chat)
    {
        DecoderModel model = TinyChat.Model();
        chat = TinyChat.ChatMl;
        PreferenceExample pair = new([new ChatMessage("user", "say a word")], "kind", "rude", "kind");
        string path = TinyChat.SaveLines(_directory, "pairs.jsonl", Enumerable.Repeat(pair, 4));
        ExampleSet<TokenizedPair> examples = new(path, Enumerable.Repeat(TokenizedPair.ToJudge(pair, chat), 4), 1, _ => true);
        RewardConfig config = new()
        {
            Name = "reward", RunDirectory = Path.Combine(_directory, "reward"), Parent = "", Examples = "", BatchSize = 1, SequenceLength = 60, Steps = 30,
            LearningRate = 0.01f, WarmupSteps = 2, Threads = 1,
        };
        RewardModel reward = new(model, config.BatchSize, config.SequenceLength);
        using Trainer trainer = new(config, new RewardObjective(config, reward, examples), new TrainingLog(TextWriter.Null));
        trainer.Train(resume: false, CancellationToken.None);
        return reward;
    }

    private PpoConfig Config(string name, string parent) => new()
    {
        Name = name, RunDirectory = Path.Combine(_directory, name), Parent = parent, HeldOutExamples = 1,
        Examples = TinyChat.SaveLines(_directory, name + ".jsonl", Enumerable.Repeat(TinyChat.Ask("say a word", "kind"), 3)),
        BatchSize = 2, SequenceLength = 60, Steps = 1, LearningRate = 0.004f, WarmupSteps = 0, Threads = 1, LogEvery = 1, Rollouts = 16, GroupSize = 8,
        MaxAnswerTokens = 6, Beta = 0.01,
    };

    private static string[] Losses(PpoConfig config) => [.. File.ReadLines(Path.Combine(config.RunDirectory, "metrics.jsonl")).Select(line => line.Split("\"learningRate\"")[0])];
}
