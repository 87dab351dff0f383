using System.Text.Json.Nodes;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private const string Text = "the cat sat on the mat.\n<|endoftext|>\nthe dog sat on the log.\n<|endoftext|>\n";

    private static readonly ModelSizes Sizes = new()
    {
        EmbeddingSize = 24, LayerCount = 2, HeadCount = 4, KvHeadCount = 2, HeadSize = 6, FeedForwardSize = 40, ContextLength = 32,
    };

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Train_RepeatedText_LearnsIt()
    {
        StringWriter log = new();
        using Trainer trainer = Make(Config("learn", steps: 60), log);
        double before = trainer.Evaluate()[0].Value;
        TrainingResult result = trainer.Train(resume: false, CancellationToken.None);
        Assert.InRange(before, 5.4, 5.7); // ln 257 = 5.55: nothing is known yet
        Assert.True(result.Completed);
        Assert.True(result.HeldOutLoss < 2.5, $"the held-out loss is {result.HeldOutLoss}");
        Assert.Contains("step 60/60", log.ToString());
        Assert.Contains("held out loss", log.ToString());
        Assert.Contains("memory:", log.ToString());
    }

    [Fact]
    public void Train_OneAndTwoThreads_HaveTheSameLosses() =>
        Assert.Equal(Losses(Config("one", steps: 5, threads: 1)), Losses(Config("two", steps: 5, threads: 2)));

    [Fact]
    public void Train_CancelledAndResumed_HasTheLossesOfOneRun()
    {
        double[] whole = Losses(Config("whole", steps: 8));
        TrainingConfig config = Config("parts", steps: 8);
        using (Trainer trainer = Make(config, new CancelAfter(3, out CancellationToken cancel)))
        {
            TrainingResult result = trainer.Train(resume: false, cancel);
            Assert.Equal((3, false), (result.StepCount, result.Completed));
        }
        using (Trainer trainer = Make(config, TextWriter.Null)) trainer.Train(resume: true, CancellationToken.None);
        Assert.Equal(whole, ReadLosses(config));
    }

    [Fact]
    public void Train_StoppedAfterAStep_HasTheFirstLossesOfTheWholeRun()
    {
        double[] whole = Losses(Config("uncut", steps: 8));
        TrainingConfig config = Config("cut", steps: 8) with { StopAfterStep = 3 };
        using Trainer trainer = Make(config, TextWriter.Null);
        TrainingResult result = trainer.Train(resume: false, CancellationToken.None);
        Assert.Equal((3, false), (result.StepCount, result.Completed));
        Assert.Equal(whole[..3], ReadLosses(config));
    }

    [Fact]
    public void Train_ResumedAfterAKill_DropsTheMetricsOfStepsMadeAgain()
    {
        double[] whole = Losses(Config("unkilled", steps: 6));
        TrainingConfig config = Config("killed", steps: 6);
        using (Trainer trainer = Make(config, new CancelAfter(4, out CancellationToken cancel))) trainer.Train(resume: false, cancel);
        const string afterTheCheckpoint = "{\"step\":5,\"loss\":9}\n{\"step\":6,\"lo"; // the kill cut the last line
        File.AppendAllText(Path.Combine(config.RunDirectory, "metrics.jsonl"), afterTheCheckpoint);
        using (Trainer trainer = Make(config, TextWriter.Null)) trainer.Train(resume: true, CancellationToken.None);
        Assert.Equal(whole, ReadLosses(config));
    }

    [Fact]
    public void Train_CheckpointOfAnotherConfig_IsRefused()
    {
        TrainingConfig config = Config("other", steps: 1);
        using (Trainer trainer = Make(config, TextWriter.Null)) trainer.Train(resume: false, CancellationToken.None);
        using Trainer other = Make(config with { Seed = 2 }, TextWriter.Null);
        Assert.Contains("config: expected", Assert.Throws<InvalidDataException>(() => other.Train(resume: true, CancellationToken.None)).Message);
    }

    [Fact]
    public void Train_CutCheckpoint_IsRefused()
    {
        TrainingConfig config = Config("cut", steps: 1);
        using (Trainer trainer = Make(config, TextWriter.Null)) trainer.Train(resume: false, CancellationToken.None);
        string path = Path.Combine(config.RunDirectory, "checkpoint.bin");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        using Trainer other = Make(config, TextWriter.Null);
        Assert.Contains("cut off", Assert.Throws<InvalidDataException>(() => other.Train(resume: true, CancellationToken.None)).Message);
    }

    [Fact]
    public void Train_ResumeWithoutACheckpoint_StartsAtStepZero()
    {
        StringWriter log = new();
        using Trainer trainer = Make(Config("none", steps: 1), log);
        Assert.True(trainer.Train(resume: true, CancellationToken.None).Completed);
        Assert.Contains("starting at step 0", log.ToString());
    }

    [Fact]
    public void Train_WeightNotANumber_NamesStepAndLayer()
    {
        TrainingConfig config = Config("nan", steps: 2);
        DecoderModel model = NewModel(config);
        using Trainer trainer = Make(config, TextWriter.Null, model);
        model["blk.1.ffn_up.weight"].Data[3] = float.NaN;
        string message = Assert.Throws<ArithmeticException>(() => trainer.Train(resume: false, CancellationToken.None)).Message;
        Assert.Contains("step 1", message);
        Assert.Contains("the first result that is not finite: linear blk.1.ffn_up.weight", message);
        Assert.Contains("the weights of blk.1.ffn_up.weight", message);
    }

    [Fact]
    public void Train_StepToInfinity_DoesNotReplaceTheCheckpoint()
    {
        TrainingConfig config = Config("far", steps: 8) with { CheckpointEvery = 1, WeightDecay = 0 };
        using (Trainer trainer = Make(config with { StopAfterStep = 2 }, TextWriter.Null)) trainer.Train(resume: false, CancellationToken.None);
        string checkpoint = Path.Combine(config.RunDirectory, "checkpoint.bin");
        byte[] good = File.ReadAllBytes(checkpoint);
        using (Trainer trainer = Make(config with { LearningRate = float.MaxValue }, TextWriter.Null))
        {
            string message = Assert.Throws<ArithmeticException>(() => trainer.Train(resume: true, CancellationToken.None)).Message;
            Assert.Contains("The last checkpoint is kept.", message);
        }
        Assert.Equal(good, File.ReadAllBytes(checkpoint));
        using (Trainer trainer = Make(config, TextWriter.Null)) Assert.True(trainer.Train(resume: true, CancellationToken.None).Completed);
    }

    [Fact]
    public void Train_GradientTooLargeForAFloat_NamesStepAndLayer()
    {
        TrainingConfig config = Config("infinite", steps: 2) with { Model = Sizes with { TiedHead = false } };
        DecoderModel model = NewModel(config);
        foreach (ref float value in model["token_embd.weight"].Data) value *= 1e-20f;
        foreach (ref float value in model["output.weight"].Data) value *= 1e12f;
        model["output_norm.weight"].Data.Fill(1e30f); // a tiny row times two large weights is a loss; on the way back only the large ones are multiplied
        using Trainer trainer = Make(config, TextWriter.Null, model);
        float[] before = model["blk.0.ffn_up.weight"].Data.ToArray();
        string message = Assert.Throws<ArithmeticException>(() => trainer.Train(resume: false, CancellationToken.None)).Message;
        Assert.Contains("step 1", message);
        Assert.Contains("not finite: the gradient of blk.1.ffn_down.weight", message);
        Assert.Equal(before, model["blk.0.ffn_up.weight"].Data.ToArray()); // no step was made
    }

    [Fact]
    public void Train_TwoHalvesAccumulated_LearnAsOneBatch()
    {
        // The same 8 windows a step: drawn as one batch, or as two batches of 4 whose mean gradients are halved and added.
        double[] whole = Losses(Config("batch", steps: 4));
        double[] halves = Losses(Config("halves", steps: 4) with { BatchSize = 4, AccumulationSteps = 2 });
        for (int i = 0; i < whole.Length; i++) Assert.Equal(whole[i], halves[i], 1e-4); // sums of float gradients in another order
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("momentum")]
    [InlineData("sgd")]
    [InlineData("muon")]
    public void Train_AnyOptimizer_LearnsAndResumesWithTheSameBits(string optimizer)
    {
        TrainingConfig config = Config(optimizer, steps: 12) with { Optimizer = optimizer, LearningRate = optimizer is "sgd" or "momentum" ? 0.2f : 0.02f };
        double[] whole = Losses(config with { RunDirectory = config.RunDirectory + "-whole" });
        Assert.True(whole[^1] < whole[0] - 0.2, $"{whole[0]} to {whole[^1]}");
        using (Trainer trainer = Make(config, new CancelAfter(5, out CancellationToken cancel))) trainer.Train(resume: false, cancel);
        using (Trainer trainer = Make(config, TextWriter.Null)) trainer.Train(resume: true, CancellationToken.None);
        Assert.Equal(whole, ReadLosses(config));
    }

    [Theory]
    [InlineData("BF16")]
    [InlineData("Q8_0")]
    public void Train_RoundedWeights_LearnsAndResumesWithTheSameBits(string type)
    {
        TrainingConfig config = Config(type, steps: 20) with { WeightType = type, Model = Sizes with { EmbeddingSize = 32, FeedForwardSize = 64, HeadSize = 8 } };
        double[] whole = Losses(config with { RunDirectory = config.RunDirectory + "-whole" });
        Assert.True(whole[^1] < whole[0] - 1, $"{whole[0]} to {whole[^1]}");
        using (Trainer trainer = Make(config, new CancelAfter(7, out CancellationToken cancel))) trainer.Train(resume: false, cancel);
        using (Trainer trainer = Make(config, TextWriter.Null)) trainer.Train(resume: true, CancellationToken.None);
        Assert.Equal(whole, ReadLosses(config));
    }

    [Fact]
    public void Train_HeldOutLossNoLongerFalls_StopsEarly()
    {
        StringWriter log = new();
        using Trainer trainer = Make(Config("early", steps: 400) with { EvaluateEvery = 10, StopAfterEvaluations = 2, Schedule = "linear" }, log);
        TrainingResult result = trainer.Train(resume: false, CancellationToken.None);
        Assert.True(result.Completed);
        Assert.InRange(result.StepCount, 30, 390);
        Assert.Contains("stopping: 2 evaluations since the best", log.ToString());
    }

    [Fact]
    public void Train_Samples_AreShownAndChangeNoLoss()
    {
        StringWriter log = new();
        double[] silent = Losses(Config("silent", steps: 4));
        TrainingConfig config = Config("speaking", steps: 4) with { SampleEvery = 2, SamplePrompt = "the cat" };
        using (Trainer trainer = Make(config, log)) trainer.Train(resume: false, CancellationToken.None);
        Assert.Equal(2, log.ToString().Split("sample: the cat").Length - 1);
        Assert.Equal(silent, ReadLosses(config));
    }

    [Fact]
    public void Train_Terminal_OverwritesOneLine()
    {
        StringWriter text = new();
        TrainingLog log = new(text, isTerminal: true);
        log.Status($"step {1}");
        log.Status($"step {2}");
        log.Line("held out");
        Assert.Equal("\r\u001b[Kstep 1\r\u001b[Kstep 2\r\u001b[Kheld out" + Environment.NewLine, text.ToString());
    }

    [Fact]
    public void Memory_PredictedFromSmallPasses_IsThatOfTheWholeStep()
    {
        TrainingConfig config = Config("memory", steps: 1) with { BatchSize = 6, SequenceLength = 30 };
        DecoderModel model = NewModel(config);
        ByteTokenizer tokenizer = new();
        TokenDataset dataset = new(TokenCache.Tokenize(string.Concat(Enumerable.Repeat(Text, 30)), tokenizer), config.HeldOutShare);
        PretrainingObjective objective = new(config, model, tokenizer, dataset);
        AdamW optimizer = new(model.Parameters, new AdamWSettings());
        TrainingMemory memory = TrainingMemory.Predict(objective, optimizer, rounded: null, threadCount: 1);
        long weights = model.Parameters.Sum(parameter => parameter.Shape.Count);
        Assert.Equal(4 * 4 * weights, memory.WeightBytes); // weight, gradient, m, v: four floats each
        using Tape tape = new();
        objective.AccumulateGradients(tape, new SeededRandom(1));
        Assert.InRange((double)memory.ActivationBytes / tape.Pool.AllocatedBytes, 0.95, 1.05);
    }

    private double[] Losses(TrainingConfig config)
    {
        using (Trainer trainer = Make(config, TextWriter.Null)) trainer.Train(resume: false, CancellationToken.None);
        return ReadLosses(config);
    }

    private static double[] ReadLosses(TrainingConfig config) => [.. File.ReadLines(Path.Combine(config.RunDirectory, "metrics.jsonl"))
        .Select(line => JsonNode.Parse(line)!["loss"]).OfType<JsonNode>().Select(loss => loss.GetValue<double>())]; // Parse of an object is not null

    private static Trainer Make(TrainingConfig config, TextWriter log) => Make(config, log, NewModel(config));

    private static Trainer Make(TrainingConfig config, TextWriter log, DecoderModel model)
    {
        ByteTokenizer tokenizer = new();
        TokenDataset dataset = new(TokenCache.Tokenize(string.Concat(Enumerable.Repeat(Text, 30)), tokenizer), config.HeldOutShare);
        return new Trainer(config, new PretrainingObjective(config, model, tokenizer, dataset), new TrainingLog(log));
    }

    private static DecoderModel NewModel(TrainingConfig config) => new(config.Model.ToModelConfig(config.VocabSize), config.Seed);

    private TrainingConfig Config(string name, int steps, int threads = 1) => new()
    {
        Name = name,
        RunDirectory = Path.Combine(_directory, name),
        Corpus = new CorpusConfig { File = "text" },
        VocabSize = 257,
        Model = Sizes,
        BatchSize = 8,
        SequenceLength = 21,
        Steps = steps,
        LearningRate = 0.02f,
        WarmupSteps = 4,
        HeldOutShare = 0.1,
        LogEvery = 1,
        Threads = threads,
    };
}
