using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Training.Alignment;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Models;

/// <summary>Files of LSTMs and encoders that are not what they should be are refused with what is wrong.</summary>
public sealed class TrainedModelFileTests : IDisposable
{
    private static readonly ByteLevelBpeTokenizer Tokenizer = new BpeTrainer(new BpeTrainingOptions
    {
        VocabSize = 258, ControlTokens = ["<|endoftext|>", TrainedEncoder.Mask], BeginOfSequence = "<|endoftext|>", EndOfSequence = "<|endoftext|>",
    }).Train(["a tale"], null, default);

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("lstm.vocab_size", 0u, "lstm.vocab_size is 0; expected at least 1")]
    [InlineData("lstm.vocab_size", 257u, "tensor 'tokens' is [258, 8]; the model's sizes ask for [257, 8]")]
    [InlineData("lstm.embedding_length", 2000000000u, "lstm.embedding_length is 2000000000; expected at most")]
    [InlineData("lstm.embedding_length", 16u, "tensor 'tokens' is [258, 8]")]
    [InlineData("lstm.block_count", 1000000u, "lstm.block_count is 1000000; expected at most the number of tensors")]
    [InlineData("lstm.block_count", 2u, "layer.1.weight_ih")]
    [InlineData("lstm.context_length", "long", "lstm.context_length")]
    [InlineData("lstm.context_length", null, "lstm.context_length' is missing")]
    [InlineData("general.architecture", "llama", "general.architecture: expected 'lstm', got 'llama'")]
    [InlineData("tokenizer.ggml.tokens", null, "tokenizer.ggml.tokens")]
    public void LoadLstm_BrokenKey_IsNamed(string key, object? value, string expected)
    {
        string path = Path.Combine(_directory, "lstm.gguf");
        new TrainedLstm("tiny", new RecurrentLanguageModel(CellKind.Lstm, 258, 8, 1, seed: 1), Tokenizer, 32).Save(DType.F32, path);
        Assert.Equal(8, TrainedLstm.Load(path).Model.Size);
        AssertRefused(path, key, value, expected, broken => TrainedLstm.Load(broken));
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
    public void Engine_FileOfAnLstm_IsRefusedByName()
    {
        string path = Path.Combine(_directory, "lstm.gguf");
        new TrainedLstm("tiny", new RecurrentLanguageModel(CellKind.Lstm, 258, 8, 1, seed: 1), Tokenizer, 32).Save(DType.F32, path);
        Assert.Contains("architecture 'lstm' is not supported", Assert.Throws<NotSupportedException>(() => LlmFromScratch.Inference.LanguageModel.Load(path)).Message);
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
