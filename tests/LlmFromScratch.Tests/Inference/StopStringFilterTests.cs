using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Inference;

namespace LlmFromScratch.Tests.Inference;

public class StopStringFilterTests
{
    // Two letters only, so that texts are full of near misses and overlaps.
    private static readonly Arbitrary<(string Text, string[] Stops, int[] Cuts)> Streams = (
        from text in Gen.Elements('a', 'b').ArrayOf(30)
        from lengths in Gen.Choose(1, 6).ArrayOf(2)
        from first in Gen.Elements('a', 'b').ArrayOf(lengths[0])
        from second in Gen.Elements('a', 'b').ArrayOf(lengths[1])
        from cuts in Gen.Choose(0, 30).ArrayOf(4)
        select (new string(text), new[] { new string(first), new string(second) }, cuts.Order().ToArray())).ToArbitrary();

    [Fact]
    public void StopString_OverThreePieces_IsCaughtAndNothingOfItLeaks()
    {
        StopStringFilter filter = new(["\nUser:"]);
        Assert.Equal("Hello.", filter.Append("Hello.\nU"));
        Assert.Equal("", filter.Append("se"));
        Assert.False(filter.Found);
        Assert.Equal("", filter.Append("r: and more"));
        Assert.True(filter.Found);
        Assert.Equal(("", ""), (filter.Append("more"), filter.Finish()));
    }

    [Fact]
    public void NearMiss_ComesOutLater()
    {
        StopStringFilter filter = new(["aab"]);
        Assert.Equal("", filter.Append("aa"));
        Assert.Equal("a", filter.Append("a")); // aaa: the last two may still begin it
        Assert.Equal("aac", filter.Append("c"));
        Assert.Equal("", filter.Append("a"));
        Assert.Equal("a", filter.Finish());
    }

    [Theory]
    [InlineData("xabcdx", "xa", "abcd", "bc")] // bc is complete before abcd is
    [InlineData("zzxyx", "zz", "xyx", "xy")]
    [InlineData("zzbab", "zz", "ab", "bab")] // complete together: the longer one, so that nothing of it shows
    public void SeveralStops_TheFirstThatIsCompleteWins(string text, string expected, params string[] stops) =>
        Assert.Equal(expected, new StopStringFilter(stops).Append(text));

    [Fact]
    public void AnyCuts_ShowTheTextBeforeTheFirstStop() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Streams, stream =>
    {
        StopStringFilter filter = new(stream.Stops);
        string shown = "";
        int at = 0;
        foreach (int cut in stream.Cuts.Append(stream.Text.Length))
        {
            shown += filter.Append(stream.Text[at..cut]);
            if (Expected(stream.Text, stream.Stops) is var (whole, _) && !whole.StartsWith(shown, StringComparison.Ordinal)) return false;
            at = cut;
        }
        shown += filter.Finish();
        return (shown, filter.Found) == Expected(stream.Text, stream.Stops);
    }));

    [Fact]
    public void NoStops_EverythingPasses_AndAnEmptyOneIsRefused()
    {
        Assert.Equal("text", new StopStringFilter([]).Append("text"));
        Assert.Throws<ArgumentException>(() => new StopStringFilter(["a", ""]));
    }

    // By definition: the smallest end at which a stop string is complete, and of those that end there the longest.
    private static (string Shown, bool Found) Expected(string text, string[] stops)
    {
        for (int end = 1; end <= text.Length; end++)
            if (stops.Where(stop => text[..end].EndsWith(stop, StringComparison.Ordinal)).Select(stop => stop.Length).DefaultIfEmpty().Max() is > 0 and int length)
                return (text[..(end - length)], true);
        return (text, false);
    }
}
