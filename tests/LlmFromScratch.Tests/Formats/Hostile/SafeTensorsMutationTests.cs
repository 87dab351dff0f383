using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tests.Formats.SafeTensors;

namespace LlmFromScratch.Tests.Formats.Hostile;

/// <summary>20,000 damaged safetensors files.</summary>
public class SafeTensorsMutationTests
{
    [Fact]
    public void EveryType_20000Mutants_AreHeldAtTheDoor()
    {
        byte[] bytes = SafeTensorsWriterTests.Bytes(SafeTensorsWriterTests.EveryType());
        using TemporaryFile disk = new(bytes);
        using SafeTensorsFile file = SafeTensorsFile.Open(disk.Path);
        int start = (int)file.Tensors.Min(tensor => tensor.Offset);
        int refused = MutationRun.Check(new MutationRun.Sample("safetensors", bytes[..start], bytes.Length), 20_000, seed: 5010, Load, mustBeSound: true);
        Assert.InRange(refused, 15_000, 20_000); // JSON and a file without holes forgive little
    }

    private static void Load(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        foreach (SafeTensorsInfo info in file.Tensors) _ = info.Type.DType is null ? file.GetBytes(info.Name).Length : file.GetTensor(info.Name).Bytes.Length;
    }
}
