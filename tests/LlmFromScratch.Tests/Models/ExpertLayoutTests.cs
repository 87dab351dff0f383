using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tests.Models.HuggingFace;

namespace LlmFromScratch.Tests.Models;

/// <summary>Mixtures of experts as GGUF files held them before April 2024, one tensor an expert, against the same weights in today's layout.</summary>
public sealed class ExpertLayoutTests : IDisposable
{
    private const string Gate = "blk.0.ffn_gate.";

    private static readonly string Joined = Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures", "llama-moe.gguf");

    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-experts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.Q8_0)]
    public void OneTensorAnExpert_AnyType_HasTheWeightsAndLogitsOfTheJoinedLayout(DType dtype)
    {
        using TemporaryFile joined = new(Bytes(dtype, split: false)), split = new(Bytes(dtype, split: true));
        using ICheckpoint expected = Checkpoint.Open(joined.Path), actual = Checkpoint.Open(split.Path);
        Assert.Equal(expected.Config, actual.Config);
        foreach (string name in (string[])["blk.0.ffn_gate_exps.weight", "blk.1.ffn_up_exps.weight", "blk.1.ffn_down_exps.weight"])
        {
            (Tensor one, Tensor other) = (expected.FindTensor(name)!, actual.FindTensor(name)!); // not null: every block has experts
            Assert.Equal((one.Shape, one.DType), (other.Shape, other.DType));
            Assert.True(one.Bytes.SequenceEqual(other.Bytes), name);
        }
        Assert.Equal(Logits(expected), Logits(actual));
    }

    [Fact]
    public void Generate_OneTensorAnExpert_SaysTheGoldenIds()
    {
        using TemporaryFile split = new(Bytes(DType.F32, split: true));
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(Joined, ".json")));
        using GgufFile file = GgufFile.Open(split.Path);
        ModelConfig config = ModelConfigLoader.Load(file);
        using CpuBackend backend = new(1);
        using Transformer model = new(backend, config, WeightLoader.Load(backend, config, file)); // the other door to the same weights
        using Session session = new(model, Math.Min(config.ContextLength, 128));
        float[] logits = session.Prefill(Ids(golden, "prompt_ids")).ToArray();
        Assert.Equal(Ids(golden, "ids")[0], Array.IndexOf(logits, logits.Max()));
    }

    [Fact]
    public void Quantize_OneTensorAnExpert_GivesTheWeightsOfTheJoinedLayout()
    {
        using TemporaryFile joined = new(Bytes(DType.F32, split: false)), split = new(Bytes(DType.F32, split: true));
        using ICheckpoint expected = Quantized(joined.Path, "joined.gguf"), actual = Quantized(split.Path, "split.gguf");
        Tensor one = expected.FindTensor("blk.2.ffn_down_exps.weight")!, other = actual.FindTensor("blk.2.ffn_down_exps.weight")!; // not null: every block has experts
        Assert.NotEqual(DType.F32, other.DType);
        Assert.Equal(one.DType, other.DType);
        Assert.True(one.Bytes.SequenceEqual(other.Bytes));
        Assert.Equal(Logits(expected), Logits(actual));
    }

    [Theory]
    [InlineData(Gate + "2", null, "tensor 'blk.0.ffn_gate.2.weight' is missing; expected 4 experts, 0 to 3, as the model's expert_count says, got 3.")]
    [InlineData(Gate + "3", null, "tensor 'blk.0.ffn_gate.3.weight' is missing")]
    [InlineData(Gate + "1", Gate + "01", "tensor 'blk.0.ffn_gate.1.weight' is missing")]
    [InlineData(null, Gate + "4", "tensor 'blk.0.ffn_gate.4.weight' is one too many; expected 4 experts, 0 to 3, as the model's expert_count says, got 5.")]
    [InlineData(Gate + "1", Gate + "2147483647", "tensor 'blk.0.ffn_gate.1.weight' is missing")]
    public void ExpertMissingOrTooMany_IsNamed(string? left, string? added, string expected)
    {
        using TemporaryFile split = new(Bytes(DType.F32, split: true, leftOut: left, added: added));
        AssertRefused(split.Path, expected);
    }

    [Fact]
    public void ExpertOfAnotherTypeOrShape_IsNamed()
    {
        using (TemporaryFile split = new(Bytes(DType.F32, split: true, leftOut: Gate + "2", added: Gate + "2", addedType: DType.F16)))
            AssertRefused(split.Path, "tensor 'blk.0.ffn_gate.2.weight' is [");
        using (TemporaryFile split = new(Bytes(DType.F32, split: true, leftOut: Gate + "2", added: Gate + "2", addedRows: 3)))
            AssertRefused(split.Path, "tensor 'blk.0.ffn_gate.2.weight' is [3, ");
    }

    [Fact]
    public void NoExpertsAtAll_NamesTodaysTensor()
    {
        using GgufFile source = GgufFile.Open(Joined);
        GgufWriter writer = new GgufWriter().Add(source.Metadata);
        foreach (GgufTensorInfo info in source.Tensors.Where(info => !info.Name.Contains("_exps"))) writer.Add(info.Name, source.GetTensor(info.Name));
        using TemporaryFile none = new(GgufFileTests.Bytes(writer));
        AssertRefused(none.Path, "tensor 'blk.0.ffn_gate_exps.weight'");
    }

    private static void AssertRefused(string path, string expected)
    {
        using CpuBackend backend = new(1);
        using ICheckpoint checkpoint = Checkpoint.Open(path);
        string message = Assert.Throws<InvalidDataException>(() => WeightLoader.Load(backend, checkpoint.Config, checkpoint.FindTensor, path)).Message;
        Assert.StartsWith(path, message);
        Assert.Contains(expected, message);
    }

    // The reference mixture again, its matrices in a type and its experts joined or one by one.
    private static byte[] Bytes(DType dtype, bool split, string? leftOut = null, string? added = null, DType addedType = DType.F32, int? addedRows = null)
    {
        using GgufFile source = GgufFile.Open(Joined);
        GgufWriter writer = new GgufWriter().Add(source.Metadata);
        foreach (GgufTensorInfo info in source.Tensors)
        {
            Tensor tensor = source.GetTensor(info.Name);
            if (tensor.Shape.Rank > 1 && !info.Name.Contains("gate_inp") && tensor.Shape.RowLength % dtype.BlockSize() == 0) tensor = HuggingFaceLayout.Encoded(tensor, dtype);
            if (!split || !info.Name.Contains("_exps")) writer.Add(info.Name, tensor);
            else for (int expert = 0; expert < tensor.Shape[0]; expert++)
            {
                string name = info.Name.Replace("_exps.weight", $".{expert}");
                if (name != leftOut) writer.Add(name + ".weight", tensor.Slice(expert, 1).Reshape(tensor.Shape[1], tensor.Shape[2]));
            }
        }
        if (added is not null) writer.Add(added + ".weight", Like(source.GetTensor("blk.0.ffn_gate_exps.weight").Shape, addedType, addedRows));
        return GgufFileTests.Bytes(writer);
    }

    private ICheckpoint Quantized(string path, string name)
    {
        string target = Path.Combine(_folder, name);
        using GgufFile source = GgufFile.Open(path);
        GgufQuantizer.Quantize(source, target, QuantizationTarget.Find("Q4_K_M"));
        return Checkpoint.Open(target);
    }

    private static Tensor Like(Shape experts, DType dtype, int? rows) => Tensor.Zeros(new Shape(rows ?? experts[1], experts[2]), dtype);

    private static float[] Logits(ICheckpoint checkpoint)
    {
        using CpuBackend backend = new(1);
        using Transformer model = new(backend, checkpoint.Config, WeightLoader.Load(backend, checkpoint.Config, checkpoint.FindTensor));
        using Session session = new(model, 64);
        return session.Score([1, 5, 9, 2, 6, 5, 3, 5]);
    }

    private static int[] Ids(JsonDocument json, string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
