using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Tests.Training.Configuration;

public class TrainingConfigTests
{
    private const string Valid = """
        {
          "name": "tiny", "runDirectory": "models/runs/tiny", "corpus": { "generator": "tiny-tales", "seed": 1, "bytes": 1000 }, "vocabSize": 300,
          "model": {
            "embeddingSize": 16, "layerCount": 1, "headCount": 2, "kvHeadCount": 1, "headSize": 8, "feedForwardSize": 24, "contextLength": 32
          },
          "batchSize": 2, "sequenceLength": 16, "steps": 10, "learningRate": 0.001
        }
        """;

    [Fact]
    public void Parse_ValidFile_ReadsFieldsAndDefaults()
    {
        TrainingConfig config = ConfigFile.Parse<TrainingConfig>(Valid, "tiny.json");
        Assert.Equal((300, 16, 0.9f, "Q8_0"), (config.VocabSize, config.SequenceLength, config.Beta1, config.ExportType));
        Assert.True(config.Model.TiedHead);
    }

    [Theory]
    [InlineData("\"batchSize\": 2", "\"batchSzie\": 2", "batchSzie")] // misspelt
    [InlineData("\"headSize\": 8", "\"headSize\": 8, \"dropout\": 1", "dropout")] // unknown, inside
    [InlineData("\"steps\": 10,", "", "steps")] // missing
    [InlineData("\"steps\": 10", "\"steps\": 0", "steps")]
    [InlineData("\"learningRate\": 0.001", "\"learningRate\": -1", "learningRate")]
    [InlineData("\"sequenceLength\": 16", "\"sequenceLength\": 33", "sequenceLength")]
    [InlineData("\"steps\": 10", "\"steps\": 10, \"optimizer\": \"adagrad\"", "adamw or adam or sgd or momentum or muon")]
    [InlineData("\"steps\": 10", "\"steps\": 10, \"schedule\": \"step\"", "schedule")]
    [InlineData("\"steps\": 10", "\"steps\": 10, \"weightType\": \"Q9\"", "weightType")]
    [InlineData("\"kvHeadCount\": 1", "\"kvHeadCount\": 3", "KvHeadCount")]
    [InlineData("\"generator\": \"tiny-tales\"", "\"generator\": \"tales\"", "corpus.generator")]
    [InlineData("\"generator\": \"tiny-tales\"", "\"seed\": 2", "corpus")]
    public void Parse_BrokenField_NamesIt(string valid, string broken, string field)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ConfigFile.Parse<TrainingConfig>(Valid.Replace(valid, broken), "tiny.json"));
        Assert.Contains(field, error.Message);
    }
}
