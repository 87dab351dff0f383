using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist G8, errata X3, X4 and X6: what attention costs, counted in the engine.</summary>
[Trait("Chapter", "06")]
public class CostTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(32)]
    public void Operations_CountedInTheEngine_AreTheFormula(int tokens)
    {
        (long attention, long matrices) = Count(tokens, tokens);
        ModelConfig config = TinyModel.Config;
        long width = config.HeadCount * config.HeadSize;
        Assert.Equal(config.LayerCount * 2 * width * tokens * (tokens + 1), attention); // 2 d n (n + 1) a block
        long weights = config.LayerCount * (2 * width * 32 + 2 * config.KvHeadCount * config.HeadSize * 32 + 3L * 32 * config.FeedForwardSize);
        Assert.Equal(2 * weights * tokens + 2L * 32 * config.VocabSize, matrices); // and the head, for one row
    }

    [Theory]
    [InlineData(2048, 2.08, 0.04)]
    [InlineData(131_072, 3.45, 0.73)]
    [InlineData(49_152, 3.00, 0.50)] // n = 12 d
    public void Total_DoubledContextAtWidth4096_GrowsByLessThanFour(double tokens, double factor, double share)
    {
        Assert.Equal(factor, Total(2 * tokens) / Total(tokens), 2);
        Assert.Equal(share, Pairs(tokens) / Total(tokens), 2);
        Assert.InRange(Pairs(2 * tokens) / Pairs(tokens), 3.99, 4);
    }

    [Fact]
    public void DotProducts_WrittenTokenByToken_AreQuadraticWithACacheAndCubicWithout()
    {
        const int Tokens = 12;
        // operations of one dot product and one mixture
        long pair = TinyModel.Config.LayerCount * TinyModel.Config.HeadCount * 4 * TinyModel.Config.HeadSize;
        (long cached, long cachedMatrices) = Count(Tokens, rowsAtOnce: 1);
        Assert.Equal(pair * Tokens * (Tokens + 1) / 2, cached);
        (long Attention, long Matrices)[] anew = [.. Enumerable.Range(1, Tokens).Select(n => Count(n, n))];
        Assert.Equal(pair * Tokens * (Tokens + 1) * (Tokens + 2) / 6, anew.Sum(count => count.Attention));
        long head = 2L * 32 * TinyModel.Config.VocabSize, row = Count(1, 1).Matrices - head;
        Assert.Equal(Tokens * row, cachedMatrices - head); // each row once: its key and value too, not its query alone
        Assert.Equal(row * Tokens * (Tokens + 1) / 2, anew.Sum(count => count.Matrices - head));
    }

    private static double Pairs(double n) => 2 * 4096 * n * (n + 1);

    private static double Total(double n) => 24 * n * 4096 * 4096 + Pairs(n);

    private static (long Attention, long Matrices) Count(int tokens, int rowsAtOnce)
    {
        using FlopCounter counter = new();
        using Transformer model = TinyModel.Create(counter);
        using Session session = new(model, prefillRows: rowsAtOnce);
        session.Prefill([.. Enumerable.Range(0, tokens).Select(t => t % 37)]);
        return (counter.InAttention, counter.InMatrices);
    }

    private sealed class FlopCounter : ReferenceBackend
    {
        public long InAttention { get; private set; }
        public long InMatrices { get; private set; }

        protected internal override void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
            AttentionOptions options, Span<float> output) => InAttention += 2L * keys.Length + 2L * values.Length;

        public override void MatMul(Tensor x, Tensor weight, Tensor y) => InMatrices += x.Shape[0] == 0 ? 0 : 2L * x.Shape.Count * weight.Shape[0];
    }
}
