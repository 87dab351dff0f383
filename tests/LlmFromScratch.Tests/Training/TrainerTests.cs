using System.Text.Json.Nodes;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private const string Text = "the cat sat on the mat.\n<|endoftext|>\nthe dog sat on the log.\n<|endoftext|>\n";

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Train_RepeatedText_LearnsIt()
    {
        StringWriter log = new();
        using Trainer trainer = Make(Config("learn", steps: 60), log);
        double before = trainer.Evaluate();
        TrainingResult result = trainer.Train(resume: false, CancellationToken.None);
        Assert.InRange(before, 5.4, 5.7); // ln 257 = 5.55: nothing is known yet
        Assert.True(result.Completed);
        Assert.True(result.HeldOutLoss < 2.5, $"the held-out loss is {result.HeldOutLoss}");
        Assert.Contains("step 60/60", log.ToString());
        Assert.Contains("held-out", log.ToString());
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
    public void Train_NotANumber_NamesStepAndTensor()
    {
        using Trainer trainer = Make(Config("nan", steps: 2), TextWriter.Null);
        Variable weight = trainer.Model["blk.0.ffn_up.weight"];
        weight.Data[3] = float.NaN;
        string message = Assert.Throws<ArithmeticException>(() => trainer.Train(resume: false, CancellationToken.None)).Message;
        Assert.Contains("step 1", message);
        Assert.Contains("blk.0.ffn_up.weight", message);
    }

    private double[] Losses(TrainingConfig config)
    {
        using (Trainer trainer = Make(config, TextWriter.Null)) trainer.Train(resume: false, CancellationToken.None);
        return ReadLosses(config);
    }

    private static double[] ReadLosses(TrainingConfig config) => [.. File.ReadLines(Path.Combine(config.RunDirectory, "metrics.jsonl"))
        .Select(line => JsonNode.Parse(line)!["loss"]).OfType<JsonNode>().Select(loss => loss.GetValue<double>())]; // Parse of an object is not null

    private static Trainer Make(TrainingConfig config, TextWriter log)
    {
        ByteTokenizer tokenizer = new();
        string corpus = string.Concat(Enumerable.Repeat(Text, 30));
        return new Trainer(config, tokenizer, new TokenDataset(TokenCache.Tokenize(corpus, tokenizer), config.HeldOutShare), log);
    }

    private TrainingConfig Config(string name, int steps, int threads = 1) => new()
    {
        Name = name,
        RunDirectory = Path.Combine(_directory, name),
        Corpus = new CorpusConfig { File = "text" },
        VocabSize = 257,
        Model = new ModelSizes
        {
            EmbeddingSize = 24, LayerCount = 2, HeadCount = 4, KvHeadCount = 2, HeadSize = 6, FeedForwardSize = 40, ContextLength = 32,
        },
        BatchSize = 8,
        SequenceLength = 21,
        Steps = steps,
        LearningRate = 0.02f,
        WarmupSteps = 4,
        HeldOutShare = 0.1,
        LogEvery = 1,
        Threads = threads,
    };

    /// <summary>A log that cancels the run when it reads of a step.</summary>
    private sealed class CancelAfter : StringWriter
    {
        private readonly CancellationTokenSource _source = new();
        private readonly string _line;

        public CancelAfter(int step, out CancellationToken token)
        {
            _line = $"step {step}/";
            token = _source.Token;
        }

        public override void WriteLine(string? value)
        {
            if (value is not null && value.StartsWith(_line, StringComparison.Ordinal)) _source.Cancel();
        }
    }
}
