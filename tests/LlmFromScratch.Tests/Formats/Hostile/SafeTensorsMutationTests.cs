using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tests.Formats.SafeTensors;

namespace LlmFromScratch.Tests.Formats.Hostile;

/// <summary>8,000 damaged safetensors files.</summary>
public class SafeTensorsMutationTests
{
    [Fact]
    public void EveryType_8000Mutants_AreHeldAtTheDoor()
    {
        byte[] bytes = SafeTensorsWriterTests.Bytes(SafeTensorsWriterTests.EveryType());
        using TemporaryFile disk = new(bytes);
        int start = DataStart(disk.Path);
        int refused = MutationRun.Check(new MutationRun.Sample("safetensors", bytes[..start], bytes.Length), disk.Path, 8000, seed: 5010, Load);
        Assert.InRange(refused, 6000, 8000); // JSON and a file without holes forgive little
    }

    /// <summary>Where the values of a file start.</summary>
    internal static int DataStart(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        return (int)file.Tensors.Min(tensor => tensor.Offset);
    }

    private static void Load(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        foreach (SafeTensorsInfo info in file.Tensors) _ = info.Type.DType is null ? file.GetBytes(info.Name).Length : file.GetTensor(info.Name).Bytes.Length;
    }
}
