using LlmFromScratch.Models;

namespace LlmFromScratch.Tests.Chapters.Ch07_TransformerBlock;

[Trait("Chapter", "07")]
public class CountTests
{
    [Fact]
    public void Gpt2_OfItsSmallestSize_HasThePublishedNumberOfWeights()
    {
        ModelConfig config = new()
        {
            Architecture = "gpt2", VocabSize = 50257, ContextLength = 1024, EmbeddingSize = 768, LayerCount = 12, HeadCount = 12, KvHeadCount = 12, HeadSize = 64,
            FeedForwardSize = 3072, NormKind = NormKind.Layer, Rope = null, FeedForwardKind = FeedForwardKind.Gelu, TiedHead = true,
            Biases = Biases.QueryKeyValue | Biases.AttentionOutput | Biases.FeedForward,
        };
        Assert.Equal(124_439_808, config.ParameterCount);
    }

    [Fact]
    public void Llama3_OfItsThreeSizes_HasThePublishedNumberOfWeights()
    {
        Assert.Equal(8_030_261_248, Llama3(4096, 32, 32, 14336).ParameterCount);
        Assert.Equal(70_553_706_496, Llama3(8192, 80, 64, 28672).ParameterCount);
        Assert.Equal(405_853_388_800, Llama3(16384, 126, 128, 53248).ParameterCount);
    }

    [Fact]
    public void Mixtral_OfEightExperts_OwnsMoreThanATokenUses() // Jiang et al. 2024, section 2: 47 B and 13 B
    {
        ModelConfig config = Llama3(4096, 32, 32, 14336) with { VocabSize = 32000, Moe = new MoeConfig { ExpertCount = 8, UsedCount = 2, FeedForwardSize = 14336 } };
        Assert.Equal(46_702_792_704, config.ParameterCount);
        Assert.Equal(12_879_925_248, config.ParameterCount - 32L * 6 * 3 * 4096 * 14336); // six experts of eight rest
    }

    [Fact]
    public void Llama_ByTheChaptersFormula_IsWhatTheEngineCounts()
    {
        ModelConfig c = Llama3(4096, 32, 32, 14336);
        long width = c.EmbeddingSize, keys = (long)c.KvHeadCount * c.HeadSize;
        Assert.Equal(c.ParameterCount, 2 * c.VocabSize * width + c.LayerCount * (2 * width * width + 2 * width * keys + 3 * width * c.FeedForwardSize + 2 * width) + width);
    }

    [Fact]
    public void FeedForwardShare_AtFourTimesTheWidth_IsOneHalf()
    {
        static double Share(double n, double d) => 16 * d * d / (24 * d * d + 2 * d * (n + 1));
        Assert.Equal(0.5, Share(4 * 4096, 4096), 1e-4);
        Assert.True(Share(512, 4096) > 0.65 && Share(131_072, 4096) < 0.2);
    }

    private static ModelConfig Llama3(int width, int layers, int heads, int feedForward) => new()
    {
        Architecture = "llama", VocabSize = 128256, ContextLength = 8192, EmbeddingSize = width, LayerCount = layers, HeadCount = heads, KvHeadCount = 8,
        HeadSize = width / heads, FeedForwardSize = feedForward,
    };
}
