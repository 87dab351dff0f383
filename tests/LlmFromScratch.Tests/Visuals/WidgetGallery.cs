using LlmFromScratch.Numerics;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>One of each of the widgets that came after the first three, made the same way every time.</summary>
internal static class WidgetGallery
{
    private const string Hostile = "</script><img onerror=\"throw 1\">";

    public static GradientDescentWidget Descent() => new([1, 0, -2, 0, 1], -2, 2, 1.8, 0.05); // (x² - 1)²: two valleys, at ±1

    public static DistributionWidget Distribution() => new([" cat", " dog", Hostile], [0.5, 0.25, 0.25]);

    public static DistributionWidget WithTruth() => new(["sun", "rain"], [0.5, 0.5], [0.75, 0.25]);

    public static LossWidget Loss() => new(["Once", " upon", Hostile], [0.5, 0.25, 1]);

    public static KvCacheWidget KvCache() => new(["a", " b", " c", " d", Hostile], 2, [2, 1, 1, 1], [2, 3, 4, 5], 5, 4, 16, 4);

    public static BlockWidget Block()
    {
        var random = new SeededRandom(9);
        float[][] Rows(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, size).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        return new BlockWidget(["a", Hostile], new BlockStep("embedding", "table[id]", "[T, C]", Rows(2, 128)), new BlockStep("logits", "h · Wᵀ", "[1, V]", [[1, -2, 3]]));
    }

    public static EmbeddingWidget Embedding() => new(["king", "queen", Hostile], [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 2]], [[1, 0, 0], [0, 2, 0], [0, 0, -4]], [0, 1, 2]);

    public static NetworkWidget Network() => new(["a", "b"], ["a xor b"], // an exact XOR of step units: or, and, then or and not and
        [new NetworkLayer([[1, 1], [1, 1]], [-0.5f, -1.5f]), new NetworkLayer([[1, -2]], [-0.5f])], "step", "step", [0, 1]);

    public static IEnumerable<Func<Widget>> All() => [Descent, Distribution, WithTruth, Loss, KvCache, Block, Embedding, Network];
}
