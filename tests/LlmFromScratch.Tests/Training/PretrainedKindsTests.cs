using System.Text.Json;
using System.Text.Json.Nodes;
using LlmFromScratch.Inference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training;

/// <summary>Every architecture that a recipe can name goes through one trainer: it learns, resumes with the same bits, and its file gives the model back.</summary>
public sealed class PretrainedKindsTests : IDisposable
{
    private const string Text = "one two three four five six";

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory, InlineData("gpt2"), InlineData("attention-only"), InlineData("rnn"), InlineData("lstm"), InlineData("gru"), InlineData("encoder"), InlineData("experts")]
    public void Run_CancelledAndResumed_HasTheLossesOfOneRun(string architecture)
    {
        TrainingConfig config = Config(architecture, "parts", steps: 6) with { ExportFile = null };
        double[] whole = Losses(config with { RunDirectory = Path.Combine(_directory, "whole"), Threads = 2 });
        Assert.False(Run(config, new CancelAfter(3, out CancellationToken cancel), resume: false, cancel).Completed);
        Assert.True(Run(config, TextWriter.Null, resume: true, CancellationToken.None).Completed);
        Assert.Equal(6, whole.Length);
        Assert.Equal(whole, ReadLosses(config)); // with another number of threads, too
    }

    /// <summary>A checkpoint remembers how many steps the primer has had.</summary>
    [Fact]
    public void Run_CancelledWithinThePrimer_HasTheLossesOfOneRun()
    {
        TrainingConfig gpt2 = Config("gpt2", "primer", steps: 9);
        TrainingConfig config = gpt2 with
        {
            Architecture = "llama", FirstWeights = "recall", PrimerSteps = 5, PrimerShare = 0.5, ExportFile = null,
            Model = gpt2.Model with { EmbeddingSize = 56, LayerCount = 3, HeadCount = 8, KvHeadCount = 4, FeedForwardSize = 32, ContextLength = 256 },
        };
        double[] whole = Losses(config with { RunDirectory = Path.Combine(_directory, "whole"), Threads = 2 });
        Assert.False(Run(config, new CancelAfter(3, out CancellationToken cancel), resume: false, cancel).Completed);
        Assert.True(Run(config, TextWriter.Null, resume: true, CancellationToken.None).Completed);
        Assert.Equal(9, whole.Length);
        Assert.Equal(whole, ReadLosses(config));
        Assert.NotEqual(whole, Losses(config with { RunDirectory = Path.Combine(_directory, "none"), PrimerSteps = 0, PrimerShare = 0 }));
    }

    [Theory, InlineData("gpt2"), InlineData("attention-only"), InlineData("experts")]
    public void Run_Decoder_WritesAModelThatTheEngineContinuesFrom(string architecture)
    {
        TrainingConfig config = Config(architecture, architecture, steps: 80);
        Run(config, TextWriter.Null, resume: false, CancellationToken.None);
        using LanguageModel model = LanguageModel.Load(config.ExportFile!); // not null: see Config
        Assert.Equal(Text["one".Length..], model.Generator.Generate("one", new GenerationOptions { Sampling = new SamplingOptions { Temperature = 0 } }).Text);
    }

    [Theory, InlineData("rnn"), InlineData("lstm"), InlineData("gru")]
    public void Run_Recurrent_WritesAModelThatContinuesAndIsMeasured(string architecture)
    {
        TrainingConfig config = Config(architecture, "numbers", steps: 140);
        StringWriter log = new();
        Run(config with { SampleEvery = 140, SamplePrompt = "one" }, log, resume: false, CancellationToken.None);
        Assert.Contains("sample: one two", log.ToString());
        TrainedRecurrent trained = TrainedRecurrent.Load(config.ExportFile!); // not null: see Config
        Assert.Equal(("numbers", 64, 1, architecture), (trained.Name, trained.ContextLength, trained.Model.LayerCount, trained.Model.Kind.ToString().ToLowerInvariant()));
        Assert.Equal(Text["one".Length..], trained.Continue("one", 40, new SamplingOptions { Temperature = 0 }));
        (int id, double probability) = trained.NextTokens("one two three", 3)[0];
        Assert.Equal(" four", trained.Tokenizer.Decode([id]));
        Assert.InRange(probability, 0.9, 1);

        JsonElement report = Evaluate(config);
        Assert.InRange(report.GetProperty("heldOut").GetProperty("bitsPerByte").GetDouble(), 0, 0.3);
        Assert.Equal(trained.Model.Parameters.Sum(weight => weight.Shape.Count), report.GetProperty("parameters").GetInt64());
        Assert.StartsWith("one", report.GetProperty("samples")[0].GetProperty("text").GetString());
        string refused = Cli.CommandLine.Run("eval", "--model", config.ExportFile!, "--repeats", "2").Error; // not null, as above
        Assert.Contains($"repeated texts are for transformers; this model's architecture is {architecture}.", refused);
    }

    /// <summary>An LSTM's f and a GRU's z, the second gates, begin at σ(1); all other biases are drawn from ±1/√32.</summary>
    [Theory, InlineData("rnn", 0), InlineData("lstm", 32), InlineData("gru", 32)]
    public void Run_GatesThatKeepTheState_BeginOpen(string architecture, int openCount)
    {
        TrainingConfig config = Config(architecture, "first", steps: 1) with { LearningRate = 1e-12f };
        Run(config, TextWriter.Null, resume: false, CancellationToken.None);
        float[] bias = TrainedRecurrent.Load(config.ExportFile!).Model.Parameters.Single(weight => weight.Name == "layer.0.bias_ih").Data.ToArray(); // not null: see Config
        Assert.Equal(Enumerable.Range(32, openCount), Enumerable.Range(0, bias.Length).Where(i => bias[i] > 0.99f));
    }

    [Fact]
    public void Run_Encoder_WritesAModelThatFillsMasksAndIsMeasured()
    {
        TrainingConfig config = Config("encoder", "numbers-encoder", steps: 500);
        StringWriter log = new();
        Run(config with { SampleEvery = 500, SamplePrompt = "one two<|mask|> four five six" }, log, resume: false, CancellationToken.None);
        Assert.Contains("sample: " + Text, log.ToString());
        Assert.Contains("masked accuracy", log.ToString());
        TrainedEncoder encoder = TrainedEncoder.Load(config.ExportFile!); // not null: see Config
        Assert.Equal(Text, encoder.Fill("one two <|mask|> four<|mask|> six"));
        Assert.Equal(2, encoder.Guess("one two <|mask|> four<|mask|> six", 3).Count);
        Assert.Equal(Text, encoder.Fill(Text));
        Assert.Throws<ArgumentException>(() => encoder.Fill(""));

        JsonElement masked = Evaluate(config).GetProperty("masked");
        Assert.InRange(masked.GetProperty("accuracy").GetDouble(), 0.8, 1);
        Assert.InRange(masked.GetProperty("nGramAccuracy").GetDouble(), 0.7, 1); // it knows what follows, and not what a text begins with
        Assert.InRange(masked.GetProperty("commonestAccuracy").GetDouble(), 0, 0.4);
    }

    [Theory, InlineData("rnn"), InlineData("lstm"), InlineData("gru"), InlineData("encoder")]
    public void Load_WhatRunSaved_HasTheSameWeightsAndLogits(string architecture)
    {
        TrainingConfig config = Config(architecture, "once", steps: 2);
        Run(config, TextWriter.Null, resume: false, CancellationToken.None);
        string again = Path.Combine(_directory, "again.gguf");
        if (architecture == "encoder") TrainedEncoder.Load(config.ExportFile!, classCount: 5, seed: 9).Save(Tensors.DType.F32, again); // not null: see Config
        else TrainedRecurrent.Load(config.ExportFile!).Save(Tensors.DType.F32, again);
        Assert.Equal(File.ReadAllBytes(config.ExportFile!), File.ReadAllBytes(again));
    }

    [Theory, InlineData(CellKind.Rnn), InlineData(CellKind.Lstm), InlineData(CellKind.Gru)]
    public void Reader_TokenByToken_GivesTheLogitsOfTheWholeText(CellKind kind)
    {
        RecurrentLanguageModel model = new(kind, 12, 16, layerCount: 2, seed: 3, tiedHead: true);
        Assert.DoesNotContain(model.Parameters, weight => weight.Name == "head.weight");
        int[] ids = [3, 1, 4, 1, 5, 9, 2, 6];
        using Tape tape = new();
        float[] whole = model.Forward(tape, ids, 1).Data.ToArray(); // [T, V]
        using RecurrentReader reader = new(model);
        for (int t = 0; t < ids.Length; t++)
        {
            ReadOnlySpan<float> logits = reader.Read(ids[t]);
            for (int id = 0; id < 12; id++) Assert.Equal(whole[t * 12 + id], logits[id]);
        }
        Assert.Equal(2, reader.States.Count);
        Assert.Contains(reader.States[1].Hidden.Data.ToArray(), value => value != 0);
        Assert.Equal(kind == CellKind.Lstm, reader.States[1].Cell is not null);
    }

    private static TrainingResult Run(TrainingConfig config, TextWriter log, bool resume, CancellationToken cancellation) =>
        PretrainingRun.Run(config, resume, new TrainingLog(log), cancellation);

    private static double[] Losses(TrainingConfig config)
    {
        Run(config, TextWriter.Null, resume: false, CancellationToken.None);
        return ReadLosses(config);
    }

    private static double[] ReadLosses(TrainingConfig config) => [.. File.ReadLines(Path.Combine(config.RunDirectory, "metrics.jsonl"))
        .Select(line => JsonNode.Parse(line)!["loss"]).OfType<JsonNode>().Select(loss => loss.GetValue<double>())]; // Parse of an object is not null

    private static JsonElement Evaluate(TrainingConfig config)
    {
        Cli.CommandLine.Result result = Cli.CommandLine.Run("eval", "--model", config.ExportFile!, "--corpus", config.Corpus.File!, "--held-out-share", "0.1",
            "--samples", "1", "--prompt", "one", "--json"); // not null: see Config
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    // "experts" is a llama with a mixture of experts, a tight capacity and dropout.
    private TrainingConfig Config(string architecture, string name, int steps)
    {
        bool hasExperts = architecture == "experts";
        if (hasExperts) architecture = "llama";
        string corpus = Path.Combine(_directory, "corpus.txt");
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat(Text + "\n<|endoftext|>\n", 150)));
        bool isDecoder = architecture is "gpt2" or "attention-only" or "llama", isEncoder = architecture == "encoder", isRecurrent = !isDecoder && !isEncoder;
        TrainingConfig config = new()
        {
            Name = name,
            RunDirectory = Path.Combine(_directory, name),
            Architecture = architecture,
            Corpus = new CorpusConfig { File = corpus },
            VocabSize = 277, // each word is one token
            ControlTokens = [TrainedEncoder.Mask],
            Model = new ModelSizes
            {
                EmbeddingSize = 32, LayerCount = isRecurrent ? 1 : 2, ContextLength = isEncoder ? 24 : 64, HeadCount = isDecoder || isEncoder ? 4 : 0, KvHeadCount = isDecoder ? 4 : 0, HeadSize = isDecoder ? 8 : 0,
                FeedForwardSize = architecture is "gpt2" or "encoder" or "llama" ? 32 : 0,
                ExpertCount = hasExperts ? 4 : 0, UsedExpertCount = hasExperts ? 2 : 0, ExpertCapacity = hasExperts ? 1.25 : 0, Dropout = hasExperts || isEncoder || architecture == "gpt2" ? 0.05f : 0,
            },
            RepeatedShare = architecture == "attention-only" ? 0.1 : 0,
            BatchSize = 8,
            SequenceLength = 24,
            Steps = steps,
            LearningRate = isEncoder ? 0.005f : 0.02f,
            WarmupSteps = 5,
            HeldOutShare = 0.1,
            EvaluateBatches = 2,
            LogEvery = 1,
            Threads = 1,
            ExportFile = Path.Combine(_directory, name + ".gguf"),
            ExportType = "F32",
        };
        config.Validate(new FieldChecks("test"));
        return config;
    }
}
