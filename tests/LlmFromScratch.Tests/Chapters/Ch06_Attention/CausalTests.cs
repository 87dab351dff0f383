using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist G4: the past never hears of the future, with and without a cache.</summary>
[Trait("Chapter", "06")]
public class CausalTests
{
    private static readonly int[] Ids = [5, 6, 7, 8, 9, 10];

    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    public void Logits_FutureTokenChanged_KeepTheirBitsBefore(string name)
    {
        using IBackend backend = Create(name);
        using Transformer model = TinyModel.Create(backend);
        for (int changed = 1; changed < Ids.Length; changed++)
        {
            int[] other = [.. Ids];
            other[changed] = 30;
            float[] before = Score(model, Ids), after = Score(model, other);
            int past = changed * model.Config.VocabSize;
            Assert.Equal(before[..past], after[..past]);
            Assert.NotEqual(before[past..], after[past..]);
        }
    }

    [Theory]
    [InlineData("reference", 1)]
    [InlineData("reference", 2)]
    [InlineData("cpu", 2)]
    [InlineData("cpu", 5)]
    public void Logits_ReadInChunksOverACache_AreThoseOfOnePiece(string name, int rows)
    {
        using IBackend backend = Create(name);
        using Transformer model = TinyModel.Create(backend);
        Assert.Equal(Score(model, Ids), Score(model, Ids, rows)); // a mask that forgets the cache fails from the second chunk on
    }

    private static IBackend Create(string name) => name == "cpu" ? new CpuBackend(threads: 1) : new ReferenceBackend();

    private static float[] Score(Transformer model, int[] ids, int rows = 64)
    {
        using Session session = new(model, prefillRows: rows);
        return session.Score(ids);
    }
}
