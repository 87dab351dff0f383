using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Quantization;

namespace LlmFromScratch.Tests.Training.Alignment;

/// <summary>What the export writes, fine-tuning starts from: models of every kind go to a file and come back.</summary>
public sealed class ParentModelTests : IDisposable
{
    private static readonly int[] Ids = [1, 10, 7, 207, 3, 0, 44, 11, 150, 2, 9];

    // Without the tokens of ChatML: fine-tuning adds them.
    private static readonly ByteLevelBpeTokenizer Tokenizer = new BpeTrainer(new BpeTrainingOptions { VocabSize = 270, ControlTokens = [TokenCache.Separator] })
        .Train(Enumerable.Repeat("what colour is the sky? blue. grass green", 5), null, default);

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    private string Parent => Path.Combine(_directory, "parent.gguf");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory, InlineData("llama"), InlineData("moe"), InlineData("one expert"), InlineData("gpt2"), InlineData("qwen"), InlineData("qwen2"), InlineData("attention-only")]
    public void Load_WhatSaveWrote_HasTheSameWeightsAndLogits(string kind)
    {
        DecoderModel model = Save(kind, DType.F32);
        ParentModel parent = ParentModel.Load(Parent);
        Assert.Equal(model.Config, parent.Model.Config);
        foreach (Variable weight in model.Parameters) Assert.Equal(weight.Data.ToArray(), parent.Model[weight.Name].Data.ToArray());
        Assert.Equal(Logits(model), Logits(parent.Model));
    }

    [Theory, InlineData("moe"), InlineData("gpt2")]
    public void Load_JoinedMatricesOfBlocks_HasWhatEachOfThemStores(string kind)
    {
        DecoderModel model = Save(kind, DType.Q8_0);
        ParentModel parent = ParentModel.Load(Parent);
        foreach (Variable weight in model.Parameters)
            using (Tensor stored = GgufExport.ToTensor(weight, DType.Q8_0))
            using (Tensor expected = LlmFromScratch.Kernels.Quantization.RowCodec.Decode(stored))
                Assert.Equal(expected.Floats.ToArray(), parent.Model[weight.Name].Data.ToArray());
    }

    [Theory, InlineData("gpt2", false), InlineData("moe", false), InlineData("gpt2", true), InlineData("moe", true), InlineData("qwen2", true), InlineData("attention-only", false)]
    public void Sft_ParentOfEveryKind_GivesAChildThatTheEngineRuns(string kind, bool withAdapters)
    {
        Save(kind, DType.Q8_0);
        SftConfig config = Config() with { ExportFile = Path.Combine(_directory, "child.gguf"), ExportType = "F32", Lora = withAdapters ? new LoraConfig { Rank = 2 } : null };
        Assert.True(FineTuningRun.Sft(config, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None).Completed);
        DecoderModel parent = ParentModel.Load(Parent).Model, child = ParentModel.Load(config.ExportFile).Model;
        Assert.Equal(parent.Config with { VocabSize = Tokenizer.VocabSize + 2 }, child.Config);
        Assert.NotEqual(parent["blk.1.attn_k.weight"].Data.ToArray(), child["blk.1.attn_k.weight"].Data.ToArray());
        if (kind == "attention-only") Assert.DoesNotContain(child["blk.1.ffn_up.weight"].Data.ToArray(), value => value != 0); // it has stayed one
        using LanguageModel engine = LanguageModel.Load(config.ExportFile);
        using Session session = new(engine.Transformer);
        float[] expected = Logits(child), actual = session.Score(Ids);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4f * expected.Max(MathF.Abs)); // two forward passes that sum in different orders
        Assert.NotNull(engine.LoadChatTemplate());
    }

    [Fact]
    public void Load_ArchitectureThatIsNotWritten_IsRefusedBeforeAnyWork()
    {
        SaveGemma();
        string expected = $"{Parent}: general.architecture: expected one that is written as well as read", missing = Path.Combine(_directory, "missing.txt");
        NotSupportedException refused = Assert.Throws<NotSupportedException>(() => FineTuningRun.Sft(Config(), resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None));
        Assert.StartsWith(expected, refused.Message);
        Assert.EndsWith("got gemma2 (pairs Half, 0 experts).", refused.Message);
        Assert.False(Directory.Exists(Config().RunDirectory));
        refused = Assert.Throws<NotSupportedException>(() => CalibratedQuantization.Run(Parent, Path.Combine(_directory, "four.gguf"), "Q4_0", "gptq", missing));
        Assert.StartsWith(expected, refused.Message);
    }

    [Fact]
    public void Load_DivisorsOfRope_AreRefused()
    {
        GgufExport.Save(Model("llama"), "parent", DType.F32, writer =>
        {
            TokenizerWriter.Write(writer, Tokenizer);
            writer.Add("rope_freqs.weight", Tensor.FromFloats([1, 2], 2));
        }, Parent);
        Assert.Contains($"{Parent}: tensor 'rope_freqs.weight': expected none", Assert.Throws<NotSupportedException>(() => ParentModel.Load(Parent)).Message);
    }

    [Fact]
    public void Load_VocabularyOfAnotherSize_IsRefused()
    {
        GgufExport.Save(Model("gpt2"), "parent", DType.F32, TinyChat.ChatMl.Write, Parent);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => ParentModel.Load(Parent));
        Assert.Contains($"the tokenizer has {TinyChat.Tokenizer.VocabSize} tokens; expected {Tokenizer.VocabSize}", refused.Message);
    }

    private DecoderModel Save(string kind, DType type)
    {
        DecoderModel model = Model(kind);
        GgufExport.Save(model, kind, type, writer => TokenizerWriter.Write(writer, Tokenizer), Parent);
        return model;
    }

    private static DecoderModel Model(string kind)
    {
        MoeConfig? experts = kind switch
        {
            "moe" => new() { ExpertCount = 4, UsedCount = 2, FeedForwardSize = 32 },
            "one expert" => new() { ExpertCount = 1, UsedCount = 1, FeedForwardSize = 32 },
            _ => null,
        };
        ModelConfig config = Decoders.Config(kind is "one expert" or "attention-only" ? "llama" : kind, Tokenizer.VocabSize) with
        {
            ContextLength = 64, EmbeddingSize = 32, HeadSize = 8, FeedForwardSize = 32, Moe = experts,
        };
        return kind == "attention-only" ? AttentionOnly.Create(config, seed: 1) : Decoders.Random(config);
    }

    private void SaveGemma() => new GgufWriter().Add("general.architecture", "gemma2").Add("gemma2.context_length", 64u).Add("gemma2.embedding_length", 32u)
        .Add("gemma2.block_count", 1u).Add("gemma2.feed_forward_length", 32u).Add("gemma2.attention.head_count", 4u).Add("gemma2.attention.layer_norm_rms_epsilon", 1e-6f)
        .Add("token_embd.weight", Tensor.Zeros(new Shape(4, 32))).Save(Parent);

    private SftConfig Config() => new()
    {
        Name = "child", RunDirectory = Path.Combine(_directory, "run"), Parent = Parent, HeldOutExamples = 1, BatchSize = 2, SequenceLength = 60, Steps = 2,
        Examples = TinyChat.SaveLines(_directory, "talk.jsonl", Enumerable.Repeat(TinyChat.Ask("sky", "blue"), 4)), LearningRate = 0.01f, WarmupSteps = 1, Threads = 1,
    };

    private static float[] Logits(DecoderModel model)
    {
        using Tape tape = new();
        return model.Forward(tape, Ids, 1).Data.ToArray(); // [T, V]
    }
}
