using System.Text.Json.Nodes;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Pretraining;

namespace LlmFromScratch.Tests.Training;

/// <summary>A model that learns from trained ones (Hinton et al. 2015).</summary>
public sealed class TaughtLearningTests : IDisposable
{
    private const string Text = "one two three four five six";

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Foretell_TwoTeachers_IsTheirMeanBesideTheText()
    {
        TrainingConfig config = Pupil("pupil") with { Teachers = [Teacher("llama", 5), Teacher("gpt2", 9)], TeacherWeight = 0.75, TeacherTemperature = 2 };
        int[] ids = [9, 70, 3, 3, 258, 40], targets = [70, 3, 3, 258, 40, 1];
        double[] expected = new double[ids.Length * config.VocabSize];
        foreach (string file in config.Teachers)
        {
            ReferenceTape reference = new();
            ReadOnlySpan<double> probabilities = reference.Values(reference.Softmax(reference.Scale(ParentModel.Load(file).Model.Forward(reference, ids, 2), 0.5)));
            for (int i = 0; i < expected.Length; i++) expected[i] += 0.75 / 2 * probabilities[i];
        }
        for (int n = 0; n < ids.Length; n++) expected[n * config.VocabSize + targets[n]] += 0.25;

        using Tape tape = new();
        ReadOnlySpan<float> foretold = Teachers.Load(config, Tokenizer()).Foretell(tape, ids, targets, 2).Data;
        Assert.Equal(expected.Length, foretold.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], foretold[i], 6);
    }

    /// <summary>Whoever foretells as his teacher does has nothing to learn from him, and no other does.</summary>
    [Fact]
    public void SoftLoss_OfTheTeacherItself_HasNoGradient()
    {
        TrainingConfig config = Pupil("pupil") with { Teachers = [Teacher("llama", 5)], TeacherWeight = 1 };
        int[] ids = [9, 70, 3, 3, 258, 40];
        Assert.InRange(LongestGradient(config.Teachers[0]), 0, 1e-5);
        Assert.InRange(LongestGradient(Teacher("llama", 6)), 1e-2, double.PositiveInfinity);

        double LongestGradient(string pupil)
        {
            using Tape tape = new();
            Variable foretold = Teachers.Load(config, Tokenizer()).Foretell(tape, ids, new int[ids.Length], 2);
            DecoderModel model = ParentModel.Load(pupil).Model;
            tape.Backward(model.SoftLoss(tape, ids, foretold, 2));
            return model.Parameters.Max(weight => weight.Gradient.ToArray().Max(MathF.Abs));
        }
    }

    [Theory, InlineData("llama"), InlineData("gpt2")]
    public void Run_Taught_LearnsResumesAndIsWritten(string architecture)
    {
        TrainingConfig alone = Pupil(architecture) with { Architecture = architecture };
        TrainingConfig config = alone with { Teachers = [Teacher("llama", 5)], TeacherWeight = 0.2 }; // it knows nothing: what it says is noise
        Assert.False(PretrainingRun.Run(config, resume: false, new TrainingLog(new CancelAfter(30, out CancellationToken cancel)), cancel).Completed);
        Assert.True(PretrainingRun.Run(config with { Threads = 2 }, resume: true, new TrainingLog(TextWriter.Null), CancellationToken.None).Completed);
        double[] parts = Losses(config), whole = Losses(Run(config, "whole")), untaught = Losses(Run(alone, "alone"));
        Assert.Equal(config.Steps, whole.Length);
        Assert.Equal(whole, parts);
        Assert.True(whole[^1] > untaught[^1] + 0.2, $"taught {whole[^1]}, alone {untaught[^1]}"); // at least the entropy of what it is told
        using LanguageModel model = LanguageModel.Load(config.ExportFile!); // not null: see Pupil
        Assert.Equal(Text["one".Length..], model.Generator.Generate("one", new GenerationOptions { Sampling = new SamplingOptions { Temperature = 0 } }).Text);

        TrainingConfig other = config with { Teachers = [Teacher("llama", 6)], Steps = config.Steps + 1 };
        Assert.Contains(", teachers ", Assert.Throws<InvalidDataException>(() => PretrainingRun.Run(other, resume: true, new TrainingLog(TextWriter.Null), CancellationToken.None)).Message);
    }

    [Fact]
    public void Load_TeacherThatDoesNotFit_IsRefusedByName()
    {
        Assert.Contains("pupil: teachers: expected a file, there is none at nobody.gguf", Refusal<FileNotFoundException>("nobody.gguf", 24));
        string other = Path.Combine(_directory, "other.gguf"), more = Path.Combine(_directory, "more.gguf");
        Save(other, Decoders.Random("llama", 276), Tokenizer("six five four three two one"));
        Assert.StartsWith($"{other}: token ", Refusal<InvalidDataException>(other, 24));
        Save(more, Decoders.Random("llama", 277), Tokenizer(Text + " seven", 277));
        Assert.Contains($"{more}: expected a teacher with the vocabulary of the corpus, 276 tokens, got 277", Refusal<InvalidDataException>(more, 24));
        Assert.Contains("context length: expected at least sequenceLength 33, got 32", Refusal<InvalidDataException>(Teacher("llama", 5), 33));

        string Refusal<T>(string teacher, int length) where T : Exception =>
            Assert.Throws<T>(() => Teachers.Load(Pupil("pupil") with { Teachers = [teacher], SequenceLength = length }, Tokenizer())).Message;
    }

    [Fact]
    public void Step_AfterWarmUp_AllocatesOnlyWhatItMeasured()
    {
        TrainingConfig config = Pupil("pupil") with { Teachers = [Teacher("llama", 5), Teacher("gpt2", 9)], TeacherWeight = 0.5, Threads = 1 };
        TokenDataset dataset = new(Enumerable.Range(0, 2000).Select(i => i * i % 61).ToArray(), config.HeldOutShare);
        ITrainingObjective objective = PretrainedModels.Create(config, Tokenizer(), dataset).Objective;
        SeededRandom random = new(1);
        Assert.InRange(StepAllocations.Least(objective.Parameters, tape => objective.AccumulateGradients(tape, random), warmUp: 5), 0, 64);
    }

    private static ByteLevelBpeTokenizer Tokenizer(string text = Text, int vocabSize = 276) => new BpeTrainer(new BpeTrainingOptions
    {
        VocabSize = vocabSize, ControlTokens = ["<|endoftext|>"], BeginOfSequence = "<|endoftext|>", EndOfSequence = "<|endoftext|>",
    }).Train([.. Enumerable.Repeat(text, 150)], null, default);

    private static void Save(string path, DecoderModel model, ByteLevelBpeTokenizer tokenizer) =>
        GgufExport.Save(model, "teacher", Tensors.DType.F32, writer => TokenizerWriter.Write(writer, tokenizer), path);

    private static double[] Losses(TrainingConfig config) => [.. File.ReadLines(Path.Combine(config.RunDirectory, "metrics.jsonl"))
        .Select(line => JsonNode.Parse(line)!["loss"]).OfType<JsonNode>().Select(loss => loss.GetValue<double>())]; // Parse of an object is not null

    private string Teacher(string kind, ulong seed)
    {
        string path = Path.Combine(_directory, $"{kind}-{seed}.gguf");
        DecoderModel model = new(Decoders.Config(kind, 276), seed);
        foreach (Variable weight in model.Parameters.Where(weight => weight.Shape.Rank > 1))
            foreach (ref float value in weight.Data) value *= 15;
        Save(path, model, Tokenizer());
        return path;
    }

    private TrainingConfig Run(TrainingConfig config, string name)
    {
        TrainingConfig run = config with { RunDirectory = Path.Combine(_directory, name) };
        PretrainingRun.Run(run, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        return run;
    }

    private TrainingConfig Pupil(string name)
    {
        string corpus = Path.Combine(_directory, "corpus.txt");
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat(Text + "\n<|endoftext|>\n", 150)));
        return new TrainingConfig
        {
            Name = name, RunDirectory = Path.Combine(_directory, name), Corpus = new CorpusConfig { File = corpus }, VocabSize = 276,
            Model = new ModelSizes { EmbeddingSize = 32, LayerCount = 2, HeadCount = 4, KvHeadCount = 4, HeadSize = 8, FeedForwardSize = 32, ContextLength = 64 },
            BatchSize = 8, SequenceLength = 24, Steps = 80, LearningRate = 0.02f, WarmupSteps = 5, HeldOutShare = 0.1, EvaluateBatches = 2, LogEvery = 1, Threads = 1,
            ExportFile = Path.Combine(_directory, name + ".gguf"), ExportType = "F32",
        };
    }
}
