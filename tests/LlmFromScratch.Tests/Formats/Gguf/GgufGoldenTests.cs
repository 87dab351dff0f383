using LlmFromScratch.Formats.Gguf;

namespace LlmFromScratch.Tests.Formats.Gguf;

public class GgufGoldenTests
{
    public static TheoryData<string> Files => [.. TestData.FilesOf("*.gguf", "stories260K", "architectures", "quantized", "vocab")];

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public void File_ReadAndWritten_HasTheSameBytes(string name)
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf(name));
        GgufWriter writer = new GgufWriter().Add(file.Metadata);
        foreach (GgufTensorInfo info in file.Tensors) writer.Add(info.Name, info.Shape, info.Type, [file.GetBytes(info.Name)]);
        byte[] expected = File.ReadAllBytes(TestData.PathOf(name)), actual = GgufFileTests.Bytes(writer);
        if (file.Version == 2) expected[4] = 3; // the one byte that differs: only version 3 is written
        Assert.Equal((expected.Length, expected.Length), (actual.Length, expected.AsSpan().CommonPrefixLength(actual)));
    }

    [SharedDataFact]
    public void Stories260K_Opened_HasTheSizesItStates()
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf("stories260K", "stories260K.gguf"));
        Assert.Equal("llama", file.Metadata.GetString("general.architecture"));
        Assert.Equal(64, file.Metadata.GetInt32("llama.embedding_length"));
        Assert.Equal(512, file.Metadata.GetArray<string>("tokenizer.ggml.tokens").Length);
        Assert.Equal(48, file.Tensors.Count);
        Assert.Equal(new LlmFromScratch.Tensors.Shape(512, 64), file.GetTensor("token_embd.weight").Shape); // [V, C]
    }
}
