using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Models;

public class EmbeddedModelTests
{
    [Fact]
    public void File_IsTheOneThatModelsJsonNames()
    {
        using JsonDocument models = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.SolutionFolder, "models", "models.json")));
        JsonElement entry = models.RootElement.EnumerateArray().Single(model => model.GetProperty("name").GetString() == "tales-chat-dpo");
        byte[] file = File.ReadAllBytes(EmbeddedModel.Path);
        Assert.Equal(entry.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(file)));
        Assert.True(file.Length < 5_000_000, $"{file.Length} bytes");
        using LanguageModel model = LanguageModel.LoadEmbedded();
        Assert.Equal(entry.GetProperty("parameters").GetInt64(), model.Transformer.Config.ParameterCount);
    }

    [Fact]
    public void ModelsJson_NamesFilesThatAreThere()
    {
        string folder = Path.Combine(TestData.SolutionFolder, "models");
        using JsonDocument models = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "models.json")));
        foreach (JsonElement entry in models.RootElement.EnumerateArray())
        {
            byte[] file = File.ReadAllBytes(Path.Combine(folder, entry.GetProperty("file").GetString() ?? ""));
            Assert.Equal(entry.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(file)));
            Assert.True(file.Length < 5_000_000, $"{file.Length} bytes");
            Assert.True(File.Exists(Path.Combine(folder, entry.GetProperty("recipe").GetString() ?? "")));
            Assert.True(File.Exists(Path.Combine(folder, entry.GetProperty("card").GetString() ?? "")));
        }
        Assert.Equal(["tales-base", "tales-chat", "tales-chat-dpo", "human-tales", "tales-lstm", "tales-encoder", "tales-induction"], models.RootElement.EnumerateArray().Select(entry => entry.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task StreamAsync_Pieces_JoinToWhatGenerateGives()
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        GenerationOptions options = new() { MaxTokens = 40, Sampling = new SamplingOptions { Seed = 9 } };
        string streamed = "";
        int pieces = 0;
        await foreach (string piece in model.Generator.StreamAsync("Once upon a time", options))
        {
            streamed += piece;
            pieces++;
        }
        Generation whole = model.Generator.Generate("Once upon a time", options);
        Assert.Equal(whole.Text, streamed);
        Assert.True(pieces > 10, $"{pieces} pieces");
    }

    [Fact]
    public void Generate_ToTheEnd_IsAWholeTale()
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        for (ulong seed = 1; seed <= 5; seed++)
        {
            Generation tale = model.Generator.Generate("Once upon a time", new GenerationOptions { Sampling = new SamplingOptions { Seed = seed } });
            Assert.Equal(FinishReason.Stop, tale.FinishReason);
            Assert.Matches("[.!?\"]$", tale.Text);
            Assert.InRange(tale.Text.Split(' ', '\n').Length, 60, 200);
        }
    }

    // The file names another token as its end, so that <|im_end|> ends a turn by its name alone.
    [Fact]
    public void Generate_ATokenThatEndsTurns_EndsTheText()
    {
        byte[] file = File.ReadAllBytes(EmbeddedModel.Path);
        ReadOnlySpan<byte> key = "tokenizer.ggml.eos_token_id"u8;
        Span<byte> value = file.AsSpan(file.AsSpan().IndexOf(key) + key.Length + sizeof(int), sizeof(int)); // behind the value's type
        int end = BinaryPrimitives.ReadInt32LittleEndian(value);
        BinaryPrimitives.WriteInt32LittleEndian(value, end - 1); // <|im_start|>, which the model does not write
        string path = Path.Combine(Path.GetTempPath(), $"llmfs-ends-{Guid.NewGuid():n}.gguf");
        File.WriteAllBytes(path, file);
        try
        {
            using LanguageModel model = LanguageModel.Load(path);
            Assert.Equal((end - 1, true), (model.Tokenizer.SpecialTokens.EndOfSequence, model.Tokenizer.SpecialTokens.IsEnd(end)));
            Generation tale = model.Generator.Generate("Once upon a time", new GenerationOptions { Sampling = new SamplingOptions { Seed = 1 } });
            Assert.Equal(FinishReason.Stop, tale.FinishReason);
            Assert.DoesNotContain(end, tale.Ids);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Generate_Greedy_IsPinned()
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        Generation tale = model.Generator.Generate("Long ago, in a deep green forest", new GenerationOptions { MaxTokens = 24, Sampling = new SamplingOptions { Temperature = 0 } });
        Assert.Equal(", there lived a bear named Ruby. One day, near the old oak tree, Ruby saw a jumping frog. \"", tale.Text);
    }

    [Fact]
    public void Decode_AfterTheFirstSteps_AllocatesNothing()
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        using Session session = new(model.Transformer);
        session.Prefill(model.Generator.EncodePrompt("Once upon a time"));
        for (int i = 0; i < 100; i++) session.Decode(100);
        Thread.Sleep(200); // the JIT's second tier compiles in the background; the first tier boxes
        for (int i = 0; i < 20; i++) session.Decode(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 32; i++) session.Decode(100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
