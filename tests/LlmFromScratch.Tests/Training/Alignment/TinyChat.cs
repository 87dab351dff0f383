using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Alignment;

/// <summary>A vocabulary with the tokens of ChatML and a fresh model of one small block: enough to learn a handful of answers in a second.</summary>
internal static class TinyChat
{
    public static ByteLevelBpeTokenizer Tokenizer { get; } = new BpeTrainer(new BpeTrainingOptions
    {
        VocabSize = 256 + 3 + 40, ControlTokens = ["<|endoftext|>", ChatMl.Start, ChatMl.End], BeginOfSequence = "<|endoftext|>", EndOfSequence = "<|endoftext|>",
    }).Train(Enumerable.Repeat("user assistant system what colour is the sky? blue. grass green sun yellow say a word please kind rude", 5), null, default);

    public static ChatMl ChatMl { get; } = new(Tokenizer);

    public static DecoderModel Model(ulong seed = 1) => new(new ModelConfig
    {
        Architecture = "llama", VocabSize = Tokenizer.VocabSize, ContextLength = 256, EmbeddingSize = 32, LayerCount = 1, HeadCount = 4, KvHeadCount = 2,
        HeadSize = 8, FeedForwardSize = 64, TiedHead = true,
    }, seed);

    public static FineTunedModel Tuned(ulong seed = 1) => new(new ParentModel(Model(seed), Tokenizer), null, seed);

    public static ChatExample Ask(string question, string answer) => new([new ChatMessage("user", question), new ChatMessage("assistant", answer)]);

    /// <summary>A base model's file in a folder.</summary>
    public static string SaveParent(string directory, DType type = DType.F32)
    {
        string path = Path.Combine(directory, "parent.gguf");
        GgufExport.Save(Model(), "parent", type, writer => TokenizerWriter.Write(writer, Tokenizer), path);
        return path;
    }

    /// <summary>A file of a model that answers "say a word" with kind or rude, each half of the time.</summary>
    public static string SaveParentOfTwoAnswers(string directory)
    {
        ChatExample[] both = [Ask("say a word", "kind"), Ask("say a word", "rude"), Ask("say a word", "kind"), Ask("say a word", "rude")];
        string file = Path.Combine(directory, "both.gguf");
        SftConfig config = new()
        {
            Name = "both", RunDirectory = Path.Combine(directory, "both"), Parent = SaveParent(directory), HeldOutExamples = 2,
            Examples = SaveLines(directory, "both.jsonl", both), BatchSize = 2, SequenceLength = 60, Steps = 50, LearningRate = 0.02f, WarmupSteps = 5,
            Threads = 1, ExportFile = file, ExportType = "F32",
        };
        FineTuningRun.Sft(config, resume: false, new TrainingLog(TextWriter.Null), CancellationToken.None);
        return file;
    }

    public static string SaveLines<T>(string directory, string name, IEnumerable<T> examples)
    {
        string path = Path.Combine(directory, name);
        JsonLines.Write(path, examples);
        return path;
    }
}
