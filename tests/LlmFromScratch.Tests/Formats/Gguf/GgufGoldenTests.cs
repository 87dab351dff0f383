using LlmFromScratch.Formats.Gguf;

namespace LlmFromScratch.Tests.Formats.Gguf;

public class GgufGoldenTests
{
    [SharedDataTheory]
    [InlineData("stories260K/stories260K.gguf")]
    [InlineData("stories260K/stories260K-F16.gguf")]
    [InlineData("stories260K/stories260K-Q8_0.gguf")]
    [InlineData("vocab/ggml-vocab-llama-spm.gguf")]
    public void File_ReadWrittenAndReadAgain_IsEqual(string name)
    {
        using GgufFile original = GgufFile.Open(TestData.PathOf(name));
        GgufWriter writer = new GgufWriter().Add(original.Metadata);
        foreach (GgufTensorInfo info in original.Tensors) writer.Add(info.Name, original.GetTensor(info.Name));
        using TemporaryFile disk = new(GgufFileTests.Bytes(writer));
        using GgufFile copy = GgufFile.Open(disk.Path);
        Assert.Equal(original.Metadata.Select(pair => pair.Key), copy.Metadata.Select(pair => pair.Key));
        foreach ((string key, object value) in original.Metadata)
        {
            Assert.Equal(value.GetType(), copy.Metadata[key].GetType());
            Assert.Equal(value, copy.Metadata[key]);
        }
        Assert.Equal(original.Tensors.Select(t => (t.Name, t.Shape, t.Type)), copy.Tensors.Select(t => (t.Name, t.Shape, t.Type)));
        foreach (GgufTensorInfo info in original.Tensors)
            Assert.True(original.GetTensor(info.Name).Bytes.SequenceEqual(copy.GetTensor(info.Name).Bytes), info.Name);
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

    [SharedDataTheory]
    [InlineData("quantized/llama256.Q4_K_M.gguf", "Q4_K")]
    [InlineData("quantized/llama256s.Q2_K.gguf", "Q2_K")]
    [InlineData("quantized/llama256s.Q5_0.gguf", "Q5_0")]
    public void File_BlockTypeOfLaterIssue_OpensAndListsIt(string name, string type)
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf(name));
        Assert.Contains(file.Tensors, t => t.Type.Name == type);
        // The last tensor ends where the file ends, up to the padding: so the table of block sizes is right for this type.
        GgufTensorInfo last = file.Tensors.MaxBy(t => t.Offset)!;
        Assert.InRange(file.ByteLength - last.Offset - last.ByteLength, 0, 31);
    }
}
