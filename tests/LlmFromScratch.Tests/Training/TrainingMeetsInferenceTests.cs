using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training;

/// <summary>Training and engine meet at a file: the same weights give the same logits on both sides.</summary>
public sealed class TrainingMeetsInferenceTests : IDisposable
{
    private const float Tolerance = 2e-5f; // of logits near 1: two float32 forward passes that sum in different orders

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string, bool> Cases() => new() { { "reference", true }, { "reference", false }, { "cpu", true }, { "cpu", false } };

    [Theory, MemberData(nameof(Cases))]
    public void Training_ForwardLogits_MatchInferenceLogits(string backendName, bool tied)
    {
        DecoderModel model = RandomModel(tied);
        int[] ids = [1, 40, 7, 7, 63, 0, 12, 31, 5];
        using Tape tape = new();
        float[] expected = model.Forward(tape, ids, 1).Data.ToArray(); // [T, V]
        using IBackend backend = backendName == "cpu" ? new CpuBackend() : new ReferenceBackend();
        TransformerWeights weights = WeightLoader.Load(backend, model.Config, Find);
        using Transformer transformer = new(backend, model.Config, weights);
        using Session session = new(transformer);
        float[] actual = session.Score(ids);
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Max(MathF.Abs), 0.5f, 20f); // there is something to compare
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance);

        Tensor? Find(string name) =>
            model.Parameters.FirstOrDefault(parameter => parameter.Name == name) is Variable found ? GgufExport.ToTensor(found, DType.F32) : null;
    }

    [Fact]
    public void Run_SmallCorpus_WritesAModelThatTheEngineContinuesFrom()
    {
        string corpus = Path.Combine(_directory, "corpus.txt"), file = Path.Combine(_directory, "model.gguf");
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat("one two three four five six\n<|endoftext|>\n", 150)));
        TrainingConfig config = new()
        {
            Name = "numbers",
            RunDirectory = Path.Combine(_directory, "run"),
            Corpus = new CorpusConfig { File = corpus },
            VocabSize = 264,
            Model = new ModelSizes
            {
                EmbeddingSize = 32, LayerCount = 1, HeadCount = 4, KvHeadCount = 2, HeadSize = 8, FeedForwardSize = 32, ContextLength = 64,
            },
            BatchSize = 8,
            SequenceLength = 24,
            Steps = 80,
            LearningRate = 0.02f,
            WarmupSteps = 5,
            ExportFile = file,
        };
        StringWriter log = new();
        Assert.True(PretrainingRun.Run(config, resume: false, new TrainingLog(log), CancellationToken.None).Completed);
        Assert.Contains("wrote", log.ToString());

        using GgufFile gguf = GgufFile.Open(file);
        ITokenizer tokenizer = TokenizerLoader.Load(gguf);
        using CpuBackend backend = new();
        ModelConfig modelConfig = ModelConfigLoader.Load(gguf);
        TransformerWeights weights = WeightLoader.Load(backend, modelConfig, name => gguf.Contains(name) ? gguf.GetTensor(name) : null);
        using Transformer transformer = new(backend, modelConfig, weights);
        using Session session = new(transformer);
        List<int> ids = [tokenizer.SpecialTokens.BeginOfSequence ?? -1, .. tokenizer.Encode("one two")];
        ReadOnlySpan<float> logits = session.Prefill(ids.ToArray());
        for (int i = 0; i < 60 && !ids.Skip(1).Contains(tokenizer.SpecialTokens.EndOfSequence ?? -1); i++)
        {
            int best = 0;
            for (int id = 1; id < logits.Length; id++) if (logits[id] > logits[best]) best = id;
            ids.Add(best);
            logits = session.Decode(best);
        }
        Assert.Equal("one two three four five six", tokenizer.Decode(ids.ToArray())); // then it ended the text by itself
    }

    [Fact]
    public void Run_VocabularyLargerThanTheCorpusGives_IsRefused()
    {
        string corpus = Path.Combine(_directory, "small.txt");
        File.WriteAllText(corpus, "aa aa aa");
        TrainingConfig config = ConfigFile.Parse<TrainingConfig>($$"""
            {
              "name": "small", "runDirectory": {{Json(Path.Combine(_directory, "small"))}}, "corpus": { "file": {{Json(corpus)}} },
              "vocabSize": 1000, "batchSize": 1, "sequenceLength": 4, "steps": 1, "learningRate": 0.1,
              "model": {
                "embeddingSize": 8, "layerCount": 1, "headCount": 1, "kvHeadCount": 1, "headSize": 8, "feedForwardSize": 8, "contextLength": 8
              }
            }
            """, "small.json");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => PretrainingRun.Run(config, false, new TrainingLog(TextWriter.Null), CancellationToken.None));
        Assert.Contains("vocabSize", error.Message);
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);

    // Weights ten times as large as a fresh model's, so that attention and gates do something.
    private static DecoderModel RandomModel(bool tied)
    {
        DecoderModel model = new(new ModelConfig
        {
            Architecture = "llama", VocabSize = 64, ContextLength = 32, EmbeddingSize = 32, LayerCount = 2, HeadCount = 4, KvHeadCount = 2,
            HeadSize = 8, FeedForwardSize = 40, TiedHead = tied, Rope = new RopeConfig { Base = 1000 },
        }, seed: 5);
        SeededRandom random = new(6);
        foreach (Variable parameter in model.Parameters)
            foreach (ref float value in parameter.Data) value = parameter.Shape.Rank == 1 ? 1 + (float)(0.2 * random.NextGaussian()) : value * 10;
        return model;
    }
}
