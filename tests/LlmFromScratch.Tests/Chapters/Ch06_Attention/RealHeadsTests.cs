using System.Text.Json;
using System.Text.RegularExpressions;
using LlmFromScratch.Course;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist G6 and G7, and the chapter's promise: the embedded model's heads, and its voice on a learner's backend.</summary>
[Trait("Chapter", "06")]
public partial class RealHeadsTests
{
    private static readonly string Tale = File.ReadAllText(Path.Combine(TestData.SolutionFolder, "data", "early-tales-sample.txt")).Split("<|endoftext|>")[0].Trim();

    private const string Sentence = "The little fox lost her red ball.";

    [Fact]
    public void Heads_OfTheEmbeddedModel_OneLooksAtThePreviousToken()
    {
        AttentionReading reading = Lab.ReadAttention(Tale);
        int tokens = reading.Tokens.Length;
        double even = Enumerable.Range(1, tokens - 1).Average(t => 1.0 / (t + 1));
        double best = (from layer in Enumerable.Range(0, reading.LayerCount)
                       from head in Enumerable.Range(0, reading.HeadCount)
                       let weights = reading.Weights(layer, head) // [T, T]
                       select Enumerable.Range(1, tokens - 1).Average(t => weights[t * tokens + t - 1])).Max();
        Assert.InRange(best, 3 * even, 1); // a uniform head has 1, and the mean over heads lies near it
    }

    [Fact]
    public void Widget_OfAReading_HoldsTheEngineNumbers()
    {
        AttentionReading reading = Lab.ReadAttention(Sentence);
        int square = reading.Tokens.Length * reading.Tokens.Length, last = reading.LayerCount * reading.HeadCount - 1;
        // the pattern matches an array
        float[] shown = JsonSerializer.Deserialize<float[]>(WeightsPattern().Match(reading.Widget().ToHtml()).Groups[1].Value)!;
        float[] engine = reading.Weights(reading.LayerCount - 1, reading.HeadCount - 1);
        Assert.Equal((last + 1) * square, shown.Length);
        for (int i = 0; i < square; i++) Assert.Equal(engine[i], shown[last * square + i], 1e-5); // rounded to five digits
    }

    [Fact]
    public void Generate_OnABackendWithANewHead_SaysTheSame()
    {
        Assert.Equal(Lab.Generate("Once upon a time", new ReferenceBackend(), maxTokens: 12), Lab.Generate("Once upon a time", new LearnersBackend(), maxTokens: 12));
        Assert.True(Lab.Loss(Tale, new LearnersBackend(scale: 0)) > 2 * Lab.Loss(Tale, new LearnersBackend())); // a plain average has lost the thread
    }

    [Fact]
    public void Generate_OnAStub_SaysWhatItWaitsFor() =>
        Assert.StartsWith("○ The model waits for your code: exercise 6.3", Lab.Generate("Once upon a time", new StubBackend(), maxTokens: 2));

    [GeneratedRegex("\"weights\":(\\[[^\\]]*\\])")]
    private static partial Regex WeightsPattern();

    private sealed class LearnersBackend(float? scale = null) : ReferenceBackend
    {
        protected internal override void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
            AttentionOptions options, Span<float> output)
        {
            int size = query.Length;
            float[] weights = new float[keys.Length / size]; // [S]
            for (int s = 0; s < weights.Length; s++)
            for (int i = 0; i < size; i++)
                weights[s] += query[i] * keys[s * size + i] * (scale ?? options.Scale);
            weights = Lab.Softmax(weights);
            output.Clear();
            for (int s = 0; s < weights.Length; s++)
            for (int i = 0; i < size; i++)
                output[i] += weights[s] * values[s * size + i];
        }
    }

    private sealed class StubBackend : ReferenceBackend
    {
        protected internal override void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
            AttentionOptions options, Span<float> output) => throw new NotImplementedException("exercise 6.3");
    }
}
