using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Evaluation;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Alignment;

public sealed class FineTuningTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Sft_AFewAnswers_AreGivenByTheExportedFileAndRelearntByAdapters()
    {
        ChatExample[] first = [TinyChat.Ask("sky", "blue"), TinyChat.Ask("grass", "green")], second = [TinyChat.Ask("sky", "green"), TinyChat.Ask("grass", "blue")];
        string child = Path.Combine(_directory, "child.gguf"), grandchild = Path.Combine(_directory, "grandchild.gguf");
        SftConfig config = Config<SftConfig>("sft", Save("first.jsonl", first)) with { Steps = 50, LearningRate = 0.02f, ExportFile = child, ExportType = "F32" };
        TrainingResult result = FineTuningRun.Sft(config, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        Assert.InRange(result.HeldOutLoss, 0, 0.1);
        AssertAnswers(child, first);

        SftConfig lora = config with
        {
            RunDirectory = Path.Combine(_directory, "lora"), Parent = child, Examples = Save("second.jsonl", second), ExportFile = grandchild, AccumulationSteps = 2,
            Lora = new LoraConfig { Rank = 4, BaseType = "Q8_0" },
        };
        FineTuningRun.Sft(lora, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        AssertAnswers(grandchild, second);
        using GgufFile gguf = GgufFile.Open(grandchild);
        Assert.Equal(ChatMl.Template, gguf.Metadata.GetString("tokenizer.chat_template"));
    }

    /// <summary>What storing costs is said, and it is the loss that the file has.</summary>
    [Theory]
    [InlineData("Q8_0", false)]
    [InlineData("Q4_0", true)] // adapters, merged before
    public void Sft_ExportedInFewerBits_SaysWhatThatCosts(string type, bool withAdapters)
    {
        string file = Path.Combine(_directory, "stored.gguf");
        SftConfig config = Config<SftConfig>("stored", Save("first.jsonl", [TinyChat.Ask("sky", "blue"), TinyChat.Ask("grass", "green")])) with
        {
            Steps = 30, LearningRate = 0.02f, ExportFile = file, ExportType = type, Lora = withAdapters ? new LoraConfig { Rank = 4 } : null,
        };
        StringWriter log = new(), again = new();
        double exact = FineTuningRun.Sft(config, resume: false, new TrainingLog(log), CancellationToken.None).HeldOutLoss;
        System.Text.RegularExpressions.Match said = System.Text.RegularExpressions.Regex.Match(log.ToString(), $@"held out loss (\d+\.\d+) with weights in float, (\d+\.\d+) as stored in {type}");
        Assert.True(said.Success, log.ToString());
        Assert.Equal(exact, double.Parse(said.Groups[1].Value), 1e-4);
        Assert.NotEqual(said.Groups[1].Value, said.Groups[2].Value);
        SftConfig child = config with { RunDirectory = Path.Combine(_directory, "child"), Parent = file, Steps = 1, LearningRate = 1e-12f, ExportFile = null, Lora = null };
        double ofFile = FineTuningRun.Sft(child, resume: false, new TrainingLog(again), CancellationToken.None).HeldOutLoss;
        Assert.Equal(ofFile, double.Parse(said.Groups[2].Value), 1e-4);
        Assert.Contains("peak memory of the process", log.ToString());
    }

    [Fact]
    public void Sft_CancelledAndResumed_HasTheWeightsOfOneRun()
    {
        SftConfig config = Config<SftConfig>("whole", TinyChat.SaveLines(_directory, "talk.jsonl", Enumerable.Repeat(TinyChat.Ask("sky", "blue"), 4))) with
        {
            Steps = 6, ExportFile = Path.Combine(_directory, "whole.gguf"), Lora = new LoraConfig { Rank = 2 },
        };
        SftConfig parts = config with { RunDirectory = Path.Combine(_directory, "parts"), ExportFile = Path.Combine(_directory, "parts.gguf") };
        FineTuningRun.Sft(config, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        Assert.False(FineTuningRun.Sft(parts, false, new TrainingLog(new CancelAfter(3, out CancellationToken cancel)), cancel).Completed);
        Assert.True(FineTuningRun.Sft(parts, true, new TrainingLog(TextWriter.Null), CancellationToken.None).Completed);
        Assert.Equal(File.ReadAllBytes(config.ExportFile), File.ReadAllBytes(parts.ExportFile!)); // not null: set above
    }

    [Fact]
    public void Sft_ResumedFromAnotherParent_IsRefused()
    {
        SftConfig config = Config<SftConfig>("orphan", TinyChat.SaveLines(_directory, "talk.jsonl", Enumerable.Repeat(TinyChat.Ask("sky", "blue"), 4))) with
        {
            Steps = 4, StopAfterStep = 2, Lora = new LoraConfig { Rank = 2 }, // adapters beside other weights would mean something else
        };
        FineTuningRun.Sft(config, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        DecoderModel other = TinyChat.Model();
        other.Parameters[0].Data[0] += 1;
        GgufExport.Save(other, "other", LlmFromScratch.Tensors.DType.F32, TinyChat.ChatMl.Write, config.Parent);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => FineTuningRun.Sft(config, resume: true, new TrainingLog(TextWriter.Null), CancellationToken.None));
        Assert.Contains("parent", refused.Message);
    }

    [Theory]
    [InlineData("dpo")]
    [InlineData("ipo")]
    public void Dpo_PreferredAnswers_BecomeLikelierThanTheOthers(string loss)
    {
        PreferenceExample[] examples =
        [
            new([new ChatMessage("user", "say a word")], "kind", "rude", "kind"), new([new ChatMessage("user", "sky")], "blue", "green", "true"),
        ];
        string path = TinyChat.SaveLines(_directory, "pairs.jsonl", Enumerable.Repeat(examples, 3).SelectMany(all => all));
        DpoConfig config = Config<DpoConfig>(loss, path) with { Steps = 25, Loss = loss, LearningRate = 0.003f };
        StringWriter log = new();
        TrainingResult result = FineTuningRun.Dpo(config, resume: false, new TrainingLog(log), CancellationToken.None);
        double start = loss == "dpo" ? Math.Log(2) : 25; // margin 0: -log σ(0), and (0 - 1/(2β))² with β = 0.1
        Assert.InRange(result.HeldOutLoss, 0, start / 2);
        Assert.Contains("held out accuracy 1.0000", log.ToString());
    }

    [Fact]
    public void Dpo_ChosenWeight_KeepsTheChosenAnswersLikelier()
    {
        PreferenceExample pair = new([new ChatMessage("user", "sky")], "so blue", "so green", "true");
        string path = TinyChat.SaveLines(_directory, "pairs.jsonl", Enumerable.Repeat(pair, 6));
        double plain = Nats(0), weighted = Nats(1);
        Assert.True(weighted < plain - 0.5, $"{weighted} nats with a weight, {plain} without");

        double Nats(double weight) // of the chosen answer, after ten steps
        {
            DpoConfig config = Config<DpoConfig>($"chosen-{weight}", path) with { Steps = 10, LearningRate = 0.003f, ChosenWeight = weight, ExportFile = Path.Combine(_directory, $"chosen-{weight}.gguf") };
            FineTuningRun.Dpo(config, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
            using LanguageModel model = LanguageModel.Load(config.ExportFile!); // not null: set above
            ChatSpeaker speaker = new(model);
            return -speaker.LogProbability(speaker.ChatMl.EncodePrompt(pair.Prompt), speaker.ChatMl.EncodeAnswer(pair.Chosen));
        }
    }

    [Fact]
    public void Sft_ExamplesLongerThanASequence_AreLeftOutAndCounted()
    {
        ChatExample tooLong = TinyChat.Ask(string.Concat(Enumerable.Repeat("what colour is the sky? ", 20)), "blue"), fits = TinyChat.Ask("sky", "blue");
        StringWriter log = new();
        FineTuningRun.Sft(Config<SftConfig>("long", TinyChat.SaveLines(_directory, "long.jsonl", [tooLong, fits, fits])), false, new TrainingLog(log), CancellationToken.None);
        Assert.Contains("1 examples of", log.ToString());
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FineTuningRun.Sft(
            Config<SftConfig>("none", TinyChat.SaveLines(_directory, "none.jsonl", [tooLong, tooLong])), false, new TrainingLog(log), CancellationToken.None));
        Assert.Contains("sequenceLength", error.Message);
    }

    [Fact]
    public void Extend_VocabularyWithoutChatTokens_GetsThemAndKeepsEverythingElse()
    {
        ParentModel plain = PlainParent(), extended = ChatVocabulary.Extend(plain);
        Assert.Equal(plain.Tokenizer.VocabSize + 2, extended.Tokenizer.VocabSize);
        Assert.Equal(plain.Tokenizer.Encode("the sky is blue"), extended.Tokenizer.Encode("the sky is blue"));
        Assert.Same(extended, ChatVocabulary.Extend(extended)); // nothing is missing now
        int[] ids = [5, 90, 17], size = [plain.Tokenizer.VocabSize, extended.Tokenizer.VocabSize];
        using Tape tape = new();
        float[] before = plain.Model.Forward(tape, ids, 1).Data.ToArray(), after = extended.Model.Forward(tape, ids, 1).Data.ToArray();
        for (int row = 0; row < ids.Length; row++)
            Assert.Equal(before[(row * size[0])..((row + 1) * size[0])], after[(row * size[1])..(row * size[1] + size[0])]);
        Assert.Equal(extended.Tokenizer.VocabSize - 1, new ChatMl(extended.Tokenizer).EndId);
    }

    [Fact]
    public void Extend_HeadWithABias_GivesNewTokensItsMean()
    {
        ParentModel plain = PlainParent();
        DecoderModel model = new(plain.Model.Config with { Biases = LlmFromScratch.Models.Biases.Head }, 1);
        model["output.bias"].Data.Fill(0.5f);
        float[] bias = ChatVocabulary.Extend(new ParentModel(model, plain.Tokenizer)).Model["output.bias"].Data.ToArray();
        Assert.Equal(Enumerable.Repeat(0.5f, plain.Tokenizer.VocabSize + 2), bias);
    }

    [Fact]
    public void ChatMl_ModelWithoutChatTokens_SaysSo() =>
        Assert.Contains("<|im_start|>", Assert.Throws<NotSupportedException>(() => new ChatMl(PlainParent().Tokenizer)).Message);

    private static ParentModel PlainParent()
    {
        ByteLevelBpeTokenizer tokenizer = new BpeTrainer(new BpeTrainingOptions { VocabSize = 270, ControlTokens = ["<|endoftext|>"], BeginOfSequence = "<|endoftext|>" })
            .Train(Enumerable.Repeat("what colour is the sky? blue. grass green", 5), null, default);
        return new ParentModel(new DecoderModel(TinyChat.Model().Config with { VocabSize = tokenizer.VocabSize }, 1), tokenizer);
    }

    private string Save(string name, ChatExample[] examples) => TinyChat.SaveLines(_directory, name, Enumerable.Repeat(examples, 3).SelectMany(all => all));

    private static void AssertAnswers(string file, ChatExample[] examples)
    {
        using LanguageModel model = LanguageModel.Load(file, new CpuBackend(1));
        foreach (ChatExample example in examples)
        {
            int[] prompt = TinyChat.ChatMl.EncodePrompt([example.Messages[0]]);
            Generation answer = model.Generator.Generate(prompt, new GenerationOptions { MaxTokens = 8, Sampling = new SamplingOptions { Temperature = 0 } });
            Assert.Equal((example.Messages[1].Content, FinishReason.Stop), (answer.Text, answer.FinishReason)); // it ends its turn by itself
        }
    }

    private T Config<T>(string name, string examples) where T : FineTuningConfig => ConfigFile.Parse<T>($$"""
        {
          "name": "{{name}}", "runDirectory": {{Json(Path.Combine(_directory, name))}}, "parent": {{Json(TinyChat.SaveParent(_directory))}},
          "examples": {{Json(examples)}}, "heldOutExamples": 1, "batchSize": 2, "sequenceLength": 40, "steps": 1, "learningRate": 0.01, "warmupSteps": 5,
          "logEvery": 1, "threads": 1
        }
        """, name);

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
