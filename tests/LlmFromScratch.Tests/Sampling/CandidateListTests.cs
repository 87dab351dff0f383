using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Sampling;

public class CandidateListTests
{
    // Few different logits, so that there are many ties; up to 400, so that selection and not only sorting is tried.
    private static readonly Arbitrary<(int[] Logits, int Kept)> Lists = (
        from size in Gen.Choose(1, 400)
        from spread in Gen.Choose(0, 300)
        from logits in Gen.Choose(-spread, spread).ArrayOf(size)
        from kept in Gen.Choose(1, size)
        select (logits, kept)).ToArbitrary();

    [Fact]
    public void KeepFirst_AnyLogits_AreTheBestWithTheLowestIds() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Lists, list =>
    {
        CandidateList candidates = Filled(list.Logits);
        candidates.KeepFirst(list.Kept);
        return candidates.Ids.SequenceEqual(Ranked(list.Logits).Take(list.Kept).ToArray());
    }));

    [Fact]
    public void Ids_AskedForInPieces_AreInTheSameOrder() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Lists, list =>
    {
        CandidateList candidates = Filled(list.Logits);
        bool sameRank = candidates.IdAt(list.Kept / 2) == Ranked(list.Logits)[list.Kept / 2] && candidates.IdAt(list.Kept - 1) == Ranked(list.Logits)[list.Kept - 1];
        return sameRank && candidates.Ids.SequenceEqual(Ranked(list.Logits)) && candidates.Logits.SequenceEqual(list.Logits.OrderDescending().Select(l => l / 8f).ToArray());
    }));

    [Fact]
    public void KeepFirst_LogitsInOrganPipes_StillEnds() // the shape that makes the median of three a bad pivot
    {
        int[] pipes = [.. Enumerable.Range(0, 3000), .. Enumerable.Range(0, 3000).Reverse()];
        CandidateList candidates = Filled(pipes);
        candidates.KeepFirst(100);
        Assert.Equal(Ranked(pipes).Take(100), candidates.Ids.ToArray());
    }

    [Theory]
    [InlineData("all logits are -∞", float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData("the logit of token 1 is NaN", 0f, float.NaN)]
    [InlineData("the logit of token 0 is +∞", float.PositiveInfinity, 0f)]
    [InlineData("made for 2 tokens, got 1", 0f)]
    public void Fill_WhatHasNoOrder_IsRefused(string expected, params float[] logits) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new CandidateList(2).Fill(logits)).Message);

    [Fact]
    public void SetLogit_ChangesTheOrder_AndNeverBringsATokenBack()
    {
        CandidateList candidates = Filled([1, 2, 3, 4]);
        candidates.KeepFirst(3); // ids 3, 2, 1
        candidates.SetLogit(1, 9);
        candidates.SetLogit(0, 99);
        Assert.Equal([1, 3, 2], candidates.Ids.ToArray());
        Assert.Equal((9, float.NegativeInfinity), (candidates.GetLogit(1), candidates.GetLogit(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => candidates.SetLogit(1, float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => candidates.SetLogit(1, float.PositiveInfinity));
    }

    [Fact]
    public void Keep_MarksThatFitNothing_AreRefused()
    {
        CandidateList candidates = Filled([1, 2, 3]);
        Assert.Throws<ArgumentException>(() => candidates.Keep([false, false, false]));
        Assert.Throws<ArgumentException>(() => candidates.Keep([true]));
        candidates.Keep([true, false, true]);
        Assert.Equal([2, 0], candidates.Ids.ToArray());
    }

    private static CandidateList Filled(int[] logits)
    {
        CandidateList candidates = new(logits.Length);
        candidates.Fill(logits.Select(logit => logit / 8f).ToArray());
        return candidates;
    }

    private static int[] Ranked(int[] logits) => Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).ThenBy(id => id).ToArray();
}
