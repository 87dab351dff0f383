using LlmFromScratch.Course;
using LlmFromScratch.Diagnostics;

namespace LlmFromScratch.Tests.Chapters.Ch07_TransformerBlock;

[Trait("Chapter", "07")]
public class BlockReadingTests
{
    private static readonly BlockReading Reading = Lab.ReadBlocks("The fox was sad");

    [Fact]
    public void Reading_OfTheFirstBlock_IsItsArithmetic()
    {
        int last = Reading.Tokens.Length - 1;
        float[] x = Reading.Row(ForwardPoint.Embedding, -1, last), normed = Reading.Row(ForwardPoint.AttentionNorm, 0, last);
        double size = Math.Sqrt(x.Average(value => (double)value * value) + 1e-5);
        double[] weights = [.. normed.Zip(x, (n, v) => n / (v / size))]; // n = x / size · weight; NaN where x is 0, which eight bits may make it
        float[] other = Reading.Row(ForwardPoint.Embedding, -1, 1), otherNormed = Reading.Row(ForwardPoint.AttentionNorm, 0, 1);
        double otherSize = Math.Sqrt(other.Average(value => (double)value * value) + 1e-5);
        Assert.True(weights.Count(double.IsFinite) > weights.Length * 3 / 4);
        foreach (int i in Enumerable.Range(0, weights.Length).Where(i => double.IsFinite(weights[i])))
            Assert.Equal(other[i] / otherSize * weights[i], otherNormed[i], 1e-3 * (1 + Math.Abs(otherNormed[i]))); // one weight a column, the same for every token; 1e-3: divided by small numbers
    }

    [Fact]
    public void Reading_TheStream_IsOnlyAddedTo()
    {
        for (int layer = 1; layer < Reading.LayerCount; layer++)
        {
            float[] before = Reading.Values(ForwardPoint.BlockOutput, layer - 1), after = Reading.Values(ForwardPoint.AttentionResidual, layer);
            double dot = before.Zip(after, (a, b) => (double)a * b).Sum();
            Assert.True(dot > 0, $"layer {layer}: the stream was replaced, not added to");
        }
    }

    [Fact]
    public void Widget_OfABlock_HoldsTheEnginesSteps()
    {
        string html = Reading.Widget(0).ToHtml();
        Assert.Contains("gated hidden values", html);
        Assert.Contains("embedding", html);
        Assert.DoesNotContain("\"embedding\"", Reading.Widget(1).ToHtml());
    }

    [Fact]
    public void Values_OfANumberTooHigh_SayWhatThereIs() =>
        Assert.Contains($"layers are 0 to {Reading.LayerCount - 1}", Assert.Throws<ArgumentException>(() => Reading.Values(ForwardPoint.Query, 9)).Message);
}
