using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Tests.Training.Configuration;

public class ReinforcementConfigTests
{
    private const string Shared = """
        "name": "tiny", "runDirectory": "models/runs/tiny", "parent": "parent.gguf", "examples": "talks.jsonl", "batchSize": 2, "sequenceLength": 40, "steps": 10, "learningRate": 0.001
        """;

    [Fact]
    public void Parse_PolicyWithoutOptions_IsPpoWithTheExpectedAnswersAsReward()
    {
        PpoConfig config = ConfigFile.Parse<PpoConfig>("{" + Shared.Replace("40", "100") + "}", "tiny.json");
        Assert.Equal(("ppo", null, 0.05, 0.2), (config.Algorithm, config.Reward, config.Beta, config.Clip));
    }

    [Theory]
    [InlineData("\"beta\": -0.1", "beta: expected 0 or above, got -0.1")]
    [InlineData("\"clip\": 1", "clip: expected between 0 and 1, got 1")]
    [InlineData("\"algorithm\": \"reinforce\"", "algorithm: expected ppo or grpo, got reinforce")]
    [InlineData("\"algorithm\": \"grpo\", \"rollouts\": 6", "rollouts: expected a multiple of groupSize 4, got 6")]
    [InlineData("\"groupSize\": 1", "groupSize: expected at least 2, got 1")]
    [InlineData("\"discount\": 0", "discount: expected above 0, at most 1, got 0")]
    [InlineData("\"lambda\": 1.5", "lambda: expected from 0 to 1, got 1.5")]
    [InlineData("\"valueWeight\": -1", "valueWeight: expected 0 or above, got -1")]
    [InlineData("\"rollouts\": 0", "rollouts: expected at least 1, got 0")]
    [InlineData("\"updatesPerRollout\": 0", "updatesPerRollout: expected at least 1, got 0")]
    [InlineData("\"maxAnswerTokens\": 40", "maxAnswerTokens: expected from 1 to below sequenceLength 40, got 40")]
    [InlineData("\"reward\": { \"name\": \"inside\" }", "reward: expected a text in quotation marks")] // a file, no recipe
    [InlineData("\"accumulationSteps\": 2", "accumulationSteps: expected 1")]
    [InlineData("\"vocabSize\": 300", "vocabSize: no field of this kind of recipe has that name; one that has it is for llmfs train")]
    public void Parse_WhatAPolicyCannotLearnBy_IsNamed(string field, string expected) => AssertRefused<PpoConfig>(field, expected);

    [Theory]
    [InlineData("\"lora\": { \"rank\": 2 }", "lora: expected none: all weights of a reward model learn, got adapters")]
    [InlineData("\"accumulationSteps\": 2", "accumulationSteps: expected 1")]
    [InlineData("\"beta\": 0.1", "beta")] // a policy's
    [InlineData("\"heldOutExamples\": 0", "heldOutExamples: expected at least 1, got 0")]
    public void Parse_WhatARewardModelCannotLearnBy_IsNamed(string field, string expected) => AssertRefused<RewardConfig>(field, expected);

    [Fact]
    public void Parse_PairsInOneSequence_AreRefused()
    {
        foreach (Action parse in (Action[])[() => ConfigFile.Parse<DpoConfig>(OneSequence(), "tiny.json"), () => ConfigFile.Parse<RewardConfig>(OneSequence(), "tiny.json")])
            Assert.Contains("batchSize: expected at least 2, got 1", Assert.Throws<InvalidDataException>(parse).Message);

        static string OneSequence() => "{" + Shared.Replace("\"batchSize\": 2", "\"batchSize\": 1") + "}";
    }

    private static void AssertRefused<T>(string field, string expected) where T : RunConfig
    {
        string room = field.Contains("maxAnswerTokens") || typeof(T) == typeof(RewardConfig) ? "" : "\"maxAnswerTokens\": 8, ";
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ConfigFile.Parse<T>($"{{ {Shared}, {room}{field} }}", "tiny.json"));
        Assert.StartsWith("tiny.json: ", error.Message);
        Assert.Contains(expected, error.Message);
    }
}
