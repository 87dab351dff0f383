using LlmFromScratch.Models;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Configuration;

public class ArchitectureConfigTests
{
    private const string Heads = "\"headCount\": 2, ", Decoder = Heads + "\"kvHeadCount\": 2, \"headSize\": 8, ", Network = "\"feedForwardSize\": 24, ";

    [Theory]
    [InlineData("llama", Decoder + Network)]
    [InlineData("gpt2", Decoder + Network)]
    [InlineData("attention-only", Decoder)]
    [InlineData("encoder", Heads + Network)]
    [InlineData("rnn", "")]
    [InlineData("lstm", "")]
    [InlineData("gru", "")]
    public void Parse_EveryArchitecture_AsksForItsSizesOnly(string architecture, string sizes)
    {
        TrainingConfig config = Parse(architecture, sizes);
        Assert.Equal(architecture, config.Architecture);
        foreach (string field in (string[])["headCount", "kvHeadCount", "headSize", "feedForwardSize"])
        {
            bool isUsed = sizes.Contains(field);
            string broken = isUsed ? string.Join(", ", sizes.Split(", ").Where(size => !size.StartsWith($"\"{field}"))) : sizes + $"\"{field}\": 8, ";
            string message = Assert.Throws<InvalidDataException>(() => Parse(architecture, broken)).Message;
            Assert.Equal($"tiny.json: model.{field}: expected {(isUsed ? "at least 1, got 0." : $"none for architecture {architecture}, got 8.")}", message);
        }
    }

    [Theory]
    [InlineData("mamba", "", "architecture: expected llama or gpt2 or attention-only or encoder or rnn or lstm or gru, got mamba")]
    [InlineData("lstm", "\"normEpsilon\": 0.1, ", "model.normEpsilon: expected nothing for architecture lstm")]
    [InlineData("lstm", "\"ropeBase\": 500, ", "model.ropeBase")]
    [InlineData("gpt2", Decoder + Network + "\"ropeBase\": 500, ", "model.ropeBase")]
    [InlineData("encoder", Heads + Network + "\"tiedHead\": false, ", "model.tiedHead")]
    [InlineData("encoder", "\"headCount\": 3, " + Network, "model.embeddingSize: expected a multiple of headCount 3, got 16")]
    [InlineData("encoder", Heads + Network, "controlTokens: expected <|mask|> among them", "\"controlTokens\": [], ")]
    [InlineData("encoder", Heads + Network, "repeatedShare", "\"repeatedShare\": 0.5, ")]
    [InlineData("encoder", Heads + Network, "a batch of at least 128 tokens", "\"batchSize\": 7, ")]
    [InlineData("lstm", "", "repeatedShare", "\"repeatedShare\": 1.5, ")]
    [InlineData("encoder", Heads + Network, "noiseShare: expected 0 for an encoder, got 0.5", "\"noiseShare\": 0.5, ")]
    [InlineData("lstm", "", "labelSmoothing: expected from 0 to 1, got 2", "\"labelSmoothing\": 2, ")]
    [InlineData("lstm", "", "noiseShare: expected from 0 to 1, got -0.5", "\"noiseShare\": -0.5, ")]
    [InlineData("lstm", "", "optimizer: expected another for architecture lstm", "\"optimizer\": \"muon\", ")]
    [InlineData("lstm", "", "sequenceLength: expected at least 8 with repeatedShare", "\"repeatedShare\": 0.5, \"sequenceLength\": 7, ")]
    [InlineData("gru", "\"normEpsilon\": 0.1, ", "model.normEpsilon: expected nothing for architecture gru")]
    [InlineData("rnn", "", "optimizer: expected another for architecture rnn", "\"optimizer\": \"muon\", ")]
    [InlineData("lstm", "\"dropout\": 0.1, ", "model.dropout: expected nothing for architecture lstm, got 0.1")]
    [InlineData("gpt2", Decoder + Network + "\"dropout\": 1, ", "model.dropout: expected at least 0, below 1, got 1")]
    [InlineData("gpt2", Decoder + Network + "\"expertCount\": 4, ", "model.expertCount: expected nothing for architecture gpt2, got 4")]
    [InlineData("llama", Decoder + Network + "\"expertCount\": 1, ", "model.expertCount: expected 0 (none) or at least 2, got 1")]
    [InlineData("llama", Decoder + Network + "\"expertCount\": 4, \"usedExpertCount\": 5, ", "model.usedExpertCount: expected from 1 to expertCount 4, got 5")]
    [InlineData("llama", Decoder + Network + "\"expertCapacity\": 1, ", "model.expertCapacity: expected none without expertCount, got 1")]
    [InlineData("llama", Decoder + Network, "firstWeights: expected random or recall, got loud", "\"firstWeights\": \"loud\", ")]
    [InlineData("llama", Decoder + Network, "firstWeights: expected random for llama of these sizes: recall needs a llama of 3 layers, 5 heads", "\"firstWeights\": \"recall\", ")]
    [InlineData("gpt2", Decoder + Network, "firstWeights: expected random for gpt2 of these sizes", "\"firstWeights\": \"recall\", ")]
    [InlineData("lstm", "", "firstWeights: expected random, got recall", "\"firstWeights\": \"recall\", ")]
    [InlineData("lstm", "", "teachers: expected none for architecture lstm, got 1", "\"teachers\": [\"a.gguf\"], ")]
    [InlineData("attention-only", Decoder, "teachers: expected none for architecture attention-only, got 1", "\"teachers\": [\"a.gguf\"], ")]
    [InlineData("gpt2", Decoder + Network, "teacherWeight: expected above 0, at most 1, got 0", "\"teachers\": [\"a.gguf\"], ")]
    [InlineData("gpt2", Decoder + Network, "teacherWeight: expected 0 without teachers, got 0.5", "\"teacherWeight\": 0.5, ")]
    [InlineData("gpt2", Decoder + Network, "teacherTemperature: expected above 0, at most 100, got 0", "\"teachers\": [\"a.gguf\"], \"teacherWeight\": 1, \"teacherTemperature\": 0, ")]
    [InlineData("gpt2", Decoder + Network, "teacherTemperature: expected 1 without teachers, got 2", "\"teacherTemperature\": 2, ")]
    [InlineData("gpt2", Decoder + Network, "primerSteps: expected at least 0, got -1", "\"primerSteps\": -1, ")]
    [InlineData("gpt2", Decoder + Network, "primerShare: expected above 0, at most 1, got 0", "\"primerSteps\": 5, ")]
    [InlineData("lstm", "", "primerShare: expected 0 without primerSteps, got 0.5", "\"primerShare\": 0.5, ")]
    public void Parse_WhatAnArchitectureCannotDo_IsNamed(string architecture, string sizes, string expected, string other = "")
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Parse(architecture, sizes, other));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith("tiny.json: ", error.Message);
    }

    [Fact]
    public void Identity_OfALlama_SaysNothingOfOtherKinds()
    {
        const string Adam = ", adamw, beta 0.9 0.95, momentum 0.9, decay 0.1, clip 1, weights F32";
        TrainingConfig llama = Parse("llama", Decoder + Network), gpt2 = Parse("gpt2", Decoder + Network);
        Assert.Equal("C 16, L 1, H 2, K 2, D 8, F 24, context 32, tied True, epsilon 1E-05, RoPE base 10000, V 300, B 8 x 1, T 16, seed 1, held out 0.02" + Adam, llama.Identity);
        Assert.Equal(llama.Identity.Replace(Adam, ", gpt2" + Adam), gpt2.Identity);
        Assert.EndsWith(", gpt2, repeated 0.25" + Adam, (gpt2 with { RepeatedShare = 0.25 }).Identity);
        Assert.EndsWith(", noise 0.5, smoothed 0.1" + Adam, (llama with { NoiseShare = 0.5, LabelSmoothing = 0.1 }).Identity);
        Assert.EndsWith(", taught 0.75 at 2" + Adam, (llama with { Teachers = ["a.gguf"], TeacherWeight = 0.75, TeacherTemperature = 2 }).Identity);
        Assert.EndsWith(", begun recall, primer 5 of 0.1" + Adam, (llama with { FirstWeights = "recall", PrimerSteps = 5, PrimerShare = 0.1 }).Identity);
    }

    [Fact]
    public void ToModelConfig_Gpt2_HasLearnedPositionsLayerNormsAndBiases()
    {
        ModelConfig config = Parse("gpt2", Decoder + Network).Model.ToModelConfig(300, "gpt2");
        Assert.Equal(("gpt2", null, NormKind.Layer, FeedForwardKind.Gelu), (config.Architecture, config.Rope, config.NormKind, config.FeedForwardKind));
        Assert.True(config.HasBias(Biases.QueryKeyValue) && config.HasBias(Biases.AttentionOutput) && config.HasBias(Biases.FeedForward));
        Assert.Equal(config.ParameterCount, new DecoderModel(config, 1).Parameters.Sum(weight => weight.Shape.Count));
    }

    private static TrainingConfig Parse(string architecture, string sizes, string other = "")
    {
        string control = other.Contains("controlTokens") ? "" : "\"controlTokens\": [\"<|mask|>\"], ", batch = other.Contains("batchSize") ? "" : "\"batchSize\": 8, ";
        string length = other.Contains("sequenceLength") ? "" : "\"sequenceLength\": 16, ";
        return ConfigFile.Parse<TrainingConfig>($$"""
            {
              "name": "tiny", "runDirectory": "models/runs/tiny", "architecture": "{{architecture}}", "corpus": { "generator": "tiny-tales" }, "vocabSize": 300,
              "model": { "embeddingSize": 16, "layerCount": 1, {{sizes}}"contextLength": 32 },
              {{control}}{{batch}}{{length}}{{other}}"steps": 10, "learningRate": 0.001
            }
            """, "tiny.json");
    }
}
