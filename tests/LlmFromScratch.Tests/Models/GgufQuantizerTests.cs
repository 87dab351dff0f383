using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Models;

public sealed class GgufQuantizerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmfs-quantize-");

    private string Source => Path.Combine(_folder.FullName, "source.gguf");

    private string Result => Path.Combine(_folder.FullName, "result.gguf");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Quantize_TinyModel_EncodesMatricesAndKeepsTheRest()
    {
        using GgufFile source = Save();
        List<QuantizedTensor> reports = [];
        GgufQuantizer.Quantize(source, Result, QuantizationTarget.Find("Q8_0"), reports.Add);
        using GgufFile result = GgufFile.Open(Result);
        Assert.Equal(source.Tensors.Select(tensor => tensor.Name), result.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(source.Tensors.Select(tensor => tensor.Name), reports.Select(report => report.Name));
        Assert.Equal("tiny", result.Metadata.GetString("general.name"));
        Assert.Equal(7, result.Metadata.GetInt32("general.file_type"));
        Assert.Equal(DType.F32, result.GetTensor("blk.0.attn_norm.weight").DType);
        Assert.Equal(DType.F16, result.GetTensor("blk.0.ffn_down.weight").DType); // rows of 40 are no whole blocks

        Tensor before = source.GetTensor("blk.1.attn_q.weight"), after = result.GetTensor("blk.1.attn_q.weight");
        byte[] expected = new byte[after.ByteLength];
        RowCodec.Encode(DType.Q8_0, before.Floats, expected); // rows of 32 are one block each
        Assert.Equal(expected, after.Bytes.ToArray());
        float[] decoded = RowCodec.Decode(after).Floats.ToArray();
        double[] errors = [.. before.Floats.ToArray().Zip(decoded, (a, b) => Math.Abs((double)a - b))];
        QuantizedTensor report = reports.Single(r => r.Name == "blk.1.attn_q.weight");
        Assert.Equal(errors.Max(), report.MaxError);
        Assert.Equal(Math.Sqrt(errors.Average(e => e * e)), report.RmsError, 1e-12);
        Assert.Equal((before.ByteLength, after.ByteLength), (report.BytesBefore, report.BytesAfter));
    }

    [Fact]
    public void Quantize_Cancelled_LeavesTheFolderAsItWas()
    {
        using GgufFile source = Save();
        using CancellationTokenSource cancel = new();
        Assert.Throws<OperationCanceledException>(() =>
            GgufQuantizer.Quantize(source, Result, QuantizationTarget.Find("Q4_0"), _ => cancel.Cancel(), cancel.Token));
        Assert.Equal([Source], _folder.GetFiles().Select(file => file.FullName));
    }

    [Fact]
    public void Quantize_OntoItsSource_IsRefused()
    {
        using GgufFile source = Save();
        Assert.Contains("is the file that is read", Assert.Throws<ArgumentException>(() =>
            GgufQuantizer.Quantize(source, Source, QuantizationTarget.Find("Q4_0"))).Message);
    }

    [Fact]
    public void Quantize_VocabularyOnly_IsRefused()
    {
        new GgufWriter().Add("general.architecture", "llama").Save(Source);
        using GgufFile source = GgufFile.Open(Source);
        Assert.Contains("no tensors", Assert.Throws<ArgumentException>(() => GgufQuantizer.Quantize(source, Result, QuantizationTarget.Find("Q4_0"))).Message);
    }

    private GgufFile Save()
    {
        GgufWriter writer = new GgufWriter().Add("general.architecture", "llama").Add("general.name", "tiny").Add("llama.block_count", 2u);
        foreach ((string name, Tensor tensor) in TinyModel.HostTensors(TinyModel.Config, seed: 1)) writer.Add(name, tensor);
        writer.Save(Source);
        return GgufFile.Open(Source);
    }
}
