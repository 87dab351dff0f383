using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Sampling;

public class BeamSearchTests
{
    // p(next | last): row 3 is the beginning. Token 0 looks best at first (0.5), but every way on from it is dull.
    private static readonly double[][] Chain = [[0.4, 0.3, 0.3], [0.05, 0.9, 0.05], [0.1, 0.2, 0.7], [0.5, 0.4, 0.1]];

    [Fact]
    public void Normalise_IsWusFormula()
    {
        Assert.Equal(-1.5, BeamSearch.Normalise(-3, length: 7, alpha: 1), 1e-12); // (5 + 7) / 6 = 2
        Assert.Equal(-3 / Math.Sqrt(2), BeamSearch.Normalise(-3, 7, 0.5), 1e-12);
        Assert.Equal(-3, BeamSearch.Normalise(-3, 7, 0), 1e-12);
        Assert.Equal(-3, BeamSearch.Normalise(-3, 1, 0.7), 1e-12); // one token: (5 + 1) / 6 = 1
    }

    [Fact]
    public void TwoBeams_FindWhatGreedyPassesBy()
    {
        Assert.Equal([0, 0], Search(1, 2)[0].Ids); // 0.5 · 0.4 = 0.20
        BeamHypothesis best = Search(2, 2)[0];
        Assert.Equal([1, 1], best.Ids); // 0.4 · 0.9 = 0.36
        Assert.Equal(Math.Log(0.36), best.LogProbability, 1e-6);
    }

    [Theory]
    [InlineData(0.0, null)]
    [InlineData(0.0, 2)]
    [InlineData(0.7, 2)]
    [InlineData(2.0, 2)]
    public void AsManyBeamsAsTexts_IsExhaustive(double alpha, int? end)
    {
        const int Length = 4;
        List<(double Score, int[] Ids)> all = [];
        void Enumerate(int[] ids, double logProbability)
        {
            if (ids.Length == Length || (ids.Length > 0 && ids[^1] == end)) all.Add((BeamSearch.Normalise(logProbability, ids.Length, alpha), ids));
            else for (int id = 0; id < 3; id++) Enumerate([.. ids, id], logProbability + Math.Log(Chain[ids.Length == 0 ? 3 : ids[^1]][id]));
        }
        Enumerate([], 0);
        IReadOnlyList<BeamHypothesis> found = Search(81, Length, alpha, end); // 3⁴
        Assert.Equal(all.Count, found.Count);
        Assert.Equal(all.Max(text => text.Score), found[0].Score, 1e-6);
        Assert.Equal(all.MaxBy(text => text.Score).Ids, found[0].Ids);
        Assert.Equal(found.Select(text => text.Score).OrderDescending(), found.Select(text => text.Score));
    }

    // Token 1 ends the text: at once with 0.4, after a token 0 with 0.6 · 0.6 = 0.36. ln 0.4 = -0.916; ln 0.36 / (7/6) = -0.876.
    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(1.0, 2)]
    public void LengthPenalty_DecidesBetweenShortAndLong(double alpha, int length)
    {
        BeamSearch search = new(2, alpha, endOfSequence: 1);
        search.Step([MathF.Log(0.6f), MathF.Log(0.4f)]);
        search.Step([MathF.Log(0.4f), MathF.Log(0.6f)]);
        Assert.Equal(length, search.Ranked()[0].Ids.Count);
        Assert.True(search.Ranked()[0].IsFinished);
    }

    [Fact]
    public void Step_FinishedHypothesis_TakesAPlaceForGood()
    {
        BeamSearch search = new(1, endOfSequence: 0);
        search.Step([5, 0, 0]); // greedy chooses the end
        Assert.Empty(search.Live);
        Assert.True(search.Ranked().Single().IsFinished);
        Assert.Throws<InvalidOperationException>(() => search.Step([1, 2, 3]));
    }

    [Fact]
    public void Step_EqualLogits_LowerIdsAndBetterParentsFirst()
    {
        BeamSearch search = new(2);
        search.Step([1, 1, 1]);
        Assert.Equal([[0], [1]], search.Live.Select(text => text.Ids));
        search.Step([1, 1, 1, 1, 1, 1]);
        Assert.Equal([[0, 0], [0, 1]], search.Live.Select(text => text.Ids));
        Assert.Equal([0, 0], search.Parents);
        Assert.Throws<ArgumentException>(() => search.Step([1, 2, 3]));
    }

    private static IReadOnlyList<BeamHypothesis> Search(int beams, int length, double alpha = 0, int? end = null)
    {
        BeamSearch search = new(beams, alpha, end);
        for (int step = 0; step < length && search.Live.Count > 0; step++)
            search.Step(search.Live.SelectMany(text => Chain[text.Ids.Count == 0 ? 3 : text.Ids[^1]].Select(p => (float)Math.Log(p))).ToArray());
        return search.Ranked();
    }
}
