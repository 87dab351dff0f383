using LlmFromScratch.Numerics;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Pretraining;

namespace LlmFromScratch.Tests.Training;

/// <summary>A whole step of pretraining: it draws windows of a corpus, changes or masks tokens, and learns from them.</summary>
public class CorpusAllocationTests
{
    private static readonly ByteLevelBpeTokenizer Tokenizer = new BpeTrainer(new BpeTrainingOptions
    {
        VocabSize = 258, ControlTokens = ["<|endoftext|>", TrainedEncoder.Mask], BeginOfSequence = "<|endoftext|>", EndOfSequence = "<|endoftext|>",
    }).Train(["a tale"], null, default);

    [Theory, InlineData("gpt2"), InlineData("rnn"), InlineData("lstm"), InlineData("gru"), InlineData("encoder")]
    public void CorpusStep_AfterWarmUp_AllocatesOnlyWhatItMeasured(string architecture)
    {
        bool isDecoder = architecture == "gpt2", isEncoder = architecture == "encoder";
        TrainingConfig config = new()
        {
            Name = architecture, RunDirectory = "unused", Architecture = architecture, Corpus = new CorpusConfig { File = "unused" }, VocabSize = Tokenizer.VocabSize, ControlTokens = [TrainedEncoder.Mask],
            Model = new ModelSizes
            {
                EmbeddingSize = 16, LayerCount = 1, ContextLength = 32, HeadCount = isDecoder || isEncoder ? 2 : 0, KvHeadCount = isDecoder ? 2 : 0, HeadSize = isDecoder ? 8 : 0,
                FeedForwardSize = isDecoder || isEncoder ? 24 : 0, Dropout = isDecoder || isEncoder ? 0.1f : 0,
            },
            NoiseShare = isEncoder ? 0 : 0.5, LabelSmoothing = isEncoder ? 0 : 0.1, RepeatedShare = isEncoder ? 0 : 0.5,
            BatchSize = 8, SequenceLength = 32, AccumulationSteps = 2, Steps = 1, LearningRate = 0.01f,
        };
        config.Validate(new FieldChecks("test"));
        TokenDataset dataset = new(Enumerable.Range(0, 2000).Select(i => i * i % 61).ToArray(), config.HeldOutShare);
        ITrainingObjective objective = PretrainedModels.Create(config, Tokenizer, dataset).Objective;
        SeededRandom random = new(1);
        long bytes = StepAllocations.Least(objective.Parameters, tape => objective.AccumulateGradients(tape, random), warmUp: 5);
        Assert.InRange(bytes, 0, 64); // the list of one measurement, which the caller may keep
    }
}
