using System.Text.Json;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>What every widget promises, and what each refuses.</summary>
public sealed class WidgetGalleryTests
{
    public static TheoryData<int> Places => [.. Enumerable.Range(0, WidgetGallery.All().Count())];

    [Theory]
    [MemberData(nameof(Places))]
    public void Forms_EachWidget_KeepTheirPromises(int place)
    {
        Func<Widget> make = WidgetGallery.All().ElementAt(place);
        WidgetForms.AssertAll(make(), make());
        Assert.DoesNotContain("<img", make().ToHtml());
    }

    [Fact]
    public void Walk_SmallRate_EndsInTheNearerValley() => Assert.Equal(1, WidgetGallery.Descent().Walk(200)[^1], 1e-6);

    [Fact]
    public void Walk_Parabola_FollowsTheFormula() => // f = x², f' = 2x: each step multiplies by 1 - 2 · 0.25 = 0.5
        Assert.Equal([2, 1, 0.5, 0.25], new GradientDescentWidget([0, 0, 1], -2, 2, 2, 0.25).Walk(3));

    [Fact]
    public void Embedding_Points_AreScaledTogether()
    {
        using JsonDocument json = JsonDocument.Parse(WidgetGallery.Embedding().ToJson());
        Assert.Equal("[[0.25,0,0],[0,0.5,0],[0,0,-1]]", json.RootElement.GetProperty("points").GetRawText().Replace("-0,", "0,"));
    }

    [Fact]
    public void Block_Values_AreRoundedToFourDigits()
    {
        using JsonDocument json = JsonDocument.Parse(new BlockWidget(["a"], new BlockStep("x", "", "[1]", [[1f / 3]])).ToJson());
        Assert.Equal("0.3333", json.RootElement.GetProperty("steps")[0].GetProperty("values")[0][0].GetRawText());
    }

    public static TheoryData<Action, string> Refusals => new()
    {
        { () => _ = new GradientDescentWidget([1], 0, 1, 0), "at least 2 finite coefficients" },
        { () => _ = new GradientDescentWidget([1, 1], 0, 1, 2), "start between them" },
        { () => _ = new DistributionWidget(["a", "b"], [0.5, 0.6]), "sum to 1.1" },
        { () => _ = new LossWidget(["a"], [0]), "probability 0 is 0; expected above 0" },
        { () => _ = new KvCacheWidget(["a", "b"], 1, [1], [1, 2], 1, 1, 1, 4), "take 2 passes; got 1 counts" },
        { () => _ = new KvCacheWidget(["a", "b"], 1, [1, 1], [1, 3], 1, 1, 1, 4), "pass 1 has 2 positions" },
        { () => _ = new BlockWidget(["a", "b"], new BlockStep("x", "", "", [[1], [1], [1]])), "has 3 rows; expected one for each of 2 tokens" },
        { () => _ = new EmbeddingWidget(["a", "b"], [[1], [2]], [[1, 2], [1, 2, 3]]), "point 0 has 2 numbers" },
        { () => _ = new NetworkWidget(["a"], ["b"], [new NetworkLayer([[1, 2]], [0])], "relu", "step", [0]), "each of 1 weights" },
        { () => _ = new NetworkWidget(["a"], ["b"], [new NetworkLayer([[1]], [0])], "sine", "step", [0]), "got sine and step" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Constructor_WrongInput_SaysExpectedAndGot(Action make, string expected) => Assert.Contains(expected, Assert.Throws<ArgumentException>(make).Message);
}
