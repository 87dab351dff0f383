using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Inference;

public class PerplexityTests
{
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9];

    [Fact]
    public void Measure_ModelThatKnowsNothing_CostsTheLogarithmOfTheVocabulary()
    {
        using ReferenceBackend backend = new();
        Dictionary<string, Tensor> tensors = TinyModel.HostTensors(TinyModel.Config, 1);
        tensors["output.weight"].Floats.Clear(); // all logits 0: each of 37 tokens is as likely as another
        using Transformer model = new(backend, TinyModel.Config, WeightLoader.Load(backend, TinyModel.Config, tensors.GetValueOrDefault));
        PerplexityResult result = Perplexity.Measure(model, 1, Ids, byteCount: 30, window: 8, stride: 7);
        Assert.Equal(15, result.TokenCount);
        Assert.Equal(Math.Log(37), result.NatsPerToken, 12);
        Assert.Equal(37, result.Perplexity, 10);
        Assert.Equal(15 * Math.Log2(37) / 30, result.BitsPerByte, 12);
    }

    [Theory]
    [InlineData(8, 7)]
    [InlineData(8, 3)]
    [InlineData(8, 1)]
    [InlineData(2, 1)]
    [InlineData(16, 15)]
    [InlineData(40, 20)]
    public void Measure_AnyStride_ScoresEachTokenOnceInTheFirstWindowThatHoldsIt(int window, int stride)
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        double expected = 0;
        for (int i = 0; i < Ids.Length; i++)
        {
            int start = 0;
            while (start + window - 1 <= i) start += stride; // the first window that reaches token i
            using Session session = new(model);
            expected += Probability.CrossEntropy(session.Prefill([36, .. Ids[start..i]]), Ids[i]);
        }
        Assert.Equal(expected, Perplexity.Measure(model, 36, Ids, 15, window, stride).Nats, 10);
    }

    [Theory]
    [InlineData(1, 1, "window of 2 to 64")]
    [InlineData(65, 1, "window of 2 to 64")]
    [InlineData(8, 0, "stride of 1 to 7")]
    [InlineData(8, 8, "stride of 1 to 7")]
    public void Measure_WrongWindow_IsRefused(int window, int stride, string expected)
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => Perplexity.Measure(model, 1, Ids, 15, window, stride)).Message);
        Assert.Throws<ArgumentException>(() => Perplexity.Measure(model, 1, [], 0));
    }
}
