using System.Text.Json;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Models;

/// <summary>Which tensors get which types.</summary>
public class QuantizationTargetTests
{
    private static readonly QuantizedModel Model = new(LayerCount: 8, ExpertCount: 0, TiedHead: false);

    [Theory]
    [InlineData("Q4_K_M", "output.weight", DType.Q6_K)]
    [InlineData("Q8_0", "output.weight", DType.Q8_0)]
    [InlineData("F16", "output.weight", DType.F16)]
    [InlineData("Q4_0", "token_embd.weight", DType.Q4_0)]
    [InlineData("Q4_K_M", "blk.0.attn_v.weight", DType.Q6_K)] // the first eighth
    [InlineData("Q4_K_M", "blk.1.attn_v.weight", DType.Q4_K)]
    [InlineData("Q4_K_M", "blk.3.ffn_down.weight", DType.Q6_K)] // (3 - 1) mod 3 = 2
    [InlineData("Q4_K_M", "blk.7.ffn_down.weight", DType.Q6_K)] // the last eighth
    [InlineData("Q4_K_M", "blk.3.ffn_up.weight", DType.Q4_K)]
    [InlineData("Q4_K", "blk.0.attn_v.weight", DType.Q4_K)]
    [InlineData("Q5_K_M", "blk.0.attn_q.weight", DType.Q5_K)]
    public void TypeOf_Matrix_IsThatOfItsRole(string target, string name, DType expected) =>
        Assert.Equal(expected, QuantizationTarget.Find(target).TypeOf(name, new Shape(512, 256), Model));

    [Theory]
    [InlineData("blk.0.attn_norm.weight")]
    [InlineData("blk.0.attn_q.bias")]
    [InlineData("blk.0.ffn_gate_inp.weight")]
    [InlineData("position_embd.weight")]
    public void TypeOf_NormBiasRouterAndPositions_StayAsTheyAre(string name) =>
        Assert.Null(QuantizationTarget.Find("Q4_0").TypeOf(name, new Shape(512, 256), Model));

    [Theory]
    [InlineData("Q4_K_M", 96, DType.Q5_0)]
    [InlineData("Q5_K", 96, DType.Q5_1)]
    [InlineData("Q6_K", 96, DType.Q8_0)]
    [InlineData("Q4_K", 40, DType.F16)]
    [InlineData("Q4_0", 40, DType.F16)]
    public void TypeOf_RowsThatAreNoWholeBlocks_TakeSmallerBlocks(string target, int rowLength, DType expected) =>
        Assert.Equal(expected, QuantizationTarget.Find(target).TypeOf("blk.1.attn_q.weight", new Shape(512, rowLength), Model));

    [Fact]
    public void TypeOf_TiedHead_TreatsTheEmbeddingAsTheHead() =>
        Assert.Equal(DType.Q6_K, QuantizationTarget.Find("Q4_0").TypeOf("token_embd.weight", new Shape(512, 256), Model with { TiedHead = true }));

    [Fact]
    public void Find_UnknownName_ListsThoseThereAre() =>
        Assert.Contains("expected one of F16, BF16", Assert.Throws<ArgumentException>(() => QuantizationTarget.Find("Q9")).Message);

    // The golden files were made by llama-quantize; each lists the type of every tensor.
    [SharedDataFact]
    public void TypeOf_FilesOfLlamaQuantize_ChoosesAsItDid()
    {
        int compared = 0;
        foreach (string path in Directory.GetFiles(TestData.PathOf("quantized"), "*.json"))
        {
            using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(path));
            string name = Path.GetFileNameWithoutExtension(path).Split('.')[^1];
            if (QuantizationTarget.All.All(target => target.Name != name) || !golden.RootElement.TryGetProperty("tensors", out JsonElement tensors)) continue;
            (string Name, string Type, Shape Shape)[] all = [.. tensors.EnumerateArray().Select(tensor =>
                (tensor[0].GetString() ?? "", tensor[1].GetString() ?? "", ShapeOf(tensor[2])))];
            JsonElement metadata = golden.RootElement.GetProperty("metadata");
            string architecture = metadata.GetProperty("general.architecture").GetString() ?? "";
            QuantizedModel model = new(metadata.GetProperty($"{architecture}.block_count").GetInt32(),
                metadata.TryGetProperty($"{architecture}.expert_count", out JsonElement experts) ? experts.GetInt32() : 0,
                all.All(tensor => tensor.Name != "output.weight"));
            foreach ((string tensor, string type, Shape shape) in all)
                Assert.True((QuantizationTarget.Find(name).TypeOf(tensor, shape, model) ?? DType.F32).ToString() == type, $"{path}: {tensor} is {type}");
            compared++;
        }
        Assert.True(compared >= 5, $"expected at least five files, found {compared}");
    }

    private static Shape ShapeOf(JsonElement fastestFirst) => new([.. fastestFirst.EnumerateArray().Select(size => size.GetInt32()).Reverse()]);
}
