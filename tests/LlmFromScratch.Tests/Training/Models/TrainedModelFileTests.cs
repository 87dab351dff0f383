using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Training.Alignment;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Models;

/// <summary>Files of recurrent models and encoders that are not what they should be are refused with what is wrong.</summary>
public sealed class TrainedModelFileTests : IDisposable
{
    private static readonly ByteLevelBpeTokenizer Tokenizer = new BpeTrainer(new BpeTrainingOptions
    {
        VocabSize = 258, ControlTokens = ["<|endoftext|>", TrainedEncoder.Mask], BeginOfSequence = "<|endoftext|>", EndOfSequence = "<|endoftext|>",
    }).Train(["a tale"], null, default);

    private static readonly (CellKind, string)[] Cells = [(CellKind.Rnn, "rnn"), (CellKind.Lstm, "lstm"), (CellKind.Gru, "gru")];

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("CELL.vocab_size", 0u, "CELL.vocab_size is 0; expected at least 1")]
    [InlineData("CELL.vocab_size", 257u, "tensor 'tokens' is [258, 8]; the model's sizes ask for [257, 8]")]
    [InlineData("CELL.embedding_length", 2000000000u, "CELL.embedding_length is 2000000000; expected at most")]
    [InlineData("CELL.embedding_length", 16u, "tensor 'tokens' is [258, 8]")]
    [InlineData("CELL.block_count", 1000000u, "CELL.block_count is 1000000; expected at most the number of tensors")]
    [InlineData("CELL.block_count", 2u, "layer.1.weight_ih")]
    [InlineData("CELL.context_length", "long", "CELL.context_length")]
    [InlineData("CELL.context_length", null, "CELL.context_length' is missing")]
    [InlineData("general.architecture", "llama", "general.architecture: expected 'rnn', 'lstm' or 'gru', got 'llama'")]
    [InlineData("tokenizer.ggml.tokens", null, "tokenizer.ggml.tokens")]
    public void LoadRecurrent_BrokenKey_IsNamed(string key, object? value, string expected)
    {
        foreach ((CellKind kind, string name) in Cells)
        {
            string path = SaveRecurrent(kind);
            Assert.Equal((kind, 8), (TrainedRecurrent.Load(path).Model.Kind, TrainedRecurrent.Load(path).Model.Size));
            AssertRefused(path, key.Replace("CELL", name), value, expected.Replace("CELL", name), broken => TrainedRecurrent.Load(broken));
        }
    }

    /// <summary>The weights of an LSTM stack four gates, those of a GRU three.</summary>
    [Fact]
    public void LoadRecurrent_GatesOfAnotherCell_AreNamed()
    {
        string path = SaveRecurrent(CellKind.Lstm), renamed = Path.Combine(_directory, "renamed.gguf");
        using (GgufFile file = GgufFile.Open(path))
        {
            GgufWriter writer = new();
            foreach ((string name, object value) in file.Metadata) writer.Add(name.Replace("lstm.", "gru."), name == "general.architecture" ? "gru" : value);
            foreach (GgufTensorInfo tensor in file.Tensors) writer.Add(tensor.Name, file.GetTensor(tensor.Name));
            writer.Save(renamed);
        }
        string message = Assert.Throws<InvalidDataException>(() => TrainedRecurrent.Load(renamed)).Message;
        Assert.Equal($"{renamed}: tensor 'layer.0.weight_ih' is [32, 8]; the model's sizes ask for [24, 8].", message);
    }

    [Theory]
    [InlineData("encoder.attention.head_count", 3u, "encoder.attention.head_count is 3; expected a divisor of embedding_length 8")]
    [InlineData("encoder.feed_forward_length", 99u, "tensor 'encoder.0.ffn_up.weight' is [12, 8]; the model's sizes ask for [99, 8]")]
    [InlineData("encoder.context_length", 33u, "tensor 'positions' is [32, 8]")]
    [InlineData("encoder.attention.layer_norm_epsilon", -1f, "layer_norm_epsilon is -1; expected above 0")]
    [InlineData("encoder.block_count", 2u, "encoder.1.self_q.weight")]
    [InlineData("general.architecture", "bert", "general.architecture: expected 'encoder', got 'bert'")]
    public void LoadEncoder_BrokenKey_IsNamed(string key, object? value, string expected)
    {
        string path = Path.Combine(_directory, "encoder.gguf");
        Encoder(Tokenizer).Save(DType.F16, path);
        Assert.Equal(257, TrainedEncoder.Load(path).MaskId);
        AssertRefused(path, key, value, expected, broken => TrainedEncoder.Load(broken));
    }

    [Fact]
    public void Encoder_VocabularyWithoutAMask_IsRefused() =>
        Assert.Contains("expected a control token <|mask|>", Assert.Throws<InvalidDataException>(() => Encoder(TinyChat.Tokenizer)).Message);

    [Fact]
    public void Engine_FileOfARecurrentModel_IsRefusedByName()
    {
        foreach ((CellKind kind, string name) in Cells)
            Assert.Contains($"architecture '{name}' is not supported",
                Assert.Throws<NotSupportedException>(() => LlmFromScratch.Inference.LanguageModel.Load(SaveRecurrent(kind))).Message);
    }

    private string SaveRecurrent(CellKind kind)
    {
        string path = Path.Combine(_directory, "recurrent.gguf");
        new TrainedRecurrent("tiny", new RecurrentLanguageModel(kind, 258, 8, 1, seed: 1), Tokenizer, 32).Save(DType.F32, path);
        return path;
    }

    private static TrainedEncoder Encoder(ByteLevelBpeTokenizer tokenizer)
    {
        EncoderConfig config = new()
        {
            VocabSize = tokenizer.VocabSize, ContextLength = 32, Stack = new TransformerStackSettings { EmbeddingSize = 8, HeadCount = 2, FeedForwardSize = 12, LayerCount = 1, NormPlacement = NormPlacement.Pre },
        };
        return new TrainedEncoder("tiny", config, new BertModel(config, seed: 1), tokenizer);
    }

    // The same file with one key changed, or left out.
    private void AssertRefused(string path, string key, object? value, string expected, Action<string> load)
    {
        string broken = Path.Combine(_directory, "broken.gguf");
        using (GgufFile file = GgufFile.Open(path))
        {
            GgufWriter writer = new();
            foreach ((string name, object old) in file.Metadata)
                if (name != key) writer.Add(name, old);
                else if (value is not null) writer.Add(name, value);
            foreach (GgufTensorInfo tensor in file.Tensors) writer.Add(tensor.Name, file.GetTensor(tensor.Name));
            writer.Save(broken);
        }
        Exception error = Assert.ThrowsAny<Exception>(() => load(broken));
        Assert.True(error is InvalidDataException or NotSupportedException, $"{error}");
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(broken, error.Message);
    }
}
