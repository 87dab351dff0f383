using LlmFromScratch.Formats.Llama2c;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tests.Formats.Llama2c;

namespace LlmFromScratch.Tests.Formats.Hostile;

/// <summary>Damaged llama2.c files: seven sizes that must give the file's length.</summary>
public class Llama2cMutationTests
{
    [Fact]
    public void Header_2000Mutants_AreHeldAtTheDoor()
    {
        byte[] bytes = Llama2cFileTests.SmallFile();
        using TemporaryFile disk = new([]);
        Assert.InRange(MutationRun.Check(new MutationRun.Sample("llama2.c", bytes[..28], bytes.Length), disk.Path, 2000, seed: 5030, Load), 1500, 2000);
    }

    private static void Load(string path)
    {
        using Llama2cFile file = Llama2cFile.Open(path);
        using ReferenceBackend backend = new();
        WeightLoader.Load(backend, Llama2cLoader.LoadConfig(file), name => file.Contains(name) ? file.GetTensor(name) : null).Dispose();
    }
}
