using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Data.Pipeline;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Evaluation;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class NearDuplicateFilterTests
{
    [Fact]
    public void MeetingProbability_FewBands_IsTheFormula()
    {
        SignatureIndex index = new(bands: 2, rows: 3, threshold: 0.5);
        Assert.Equal(1 - 0.875 * 0.875, index.MeetingProbability(0.5), 12); // 1 - (1 - 1/8)²
        Assert.Equal((0, 1), (index.MeetingProbability(0), index.MeetingProbability(1)));
    }

    [Fact]
    public void FindOrAdd_OneBandEqual_MeetsAndIsComparedInFull()
    {
        SignatureIndex index = new(bands: 2, rows: 2, threshold: 0.75);
        Assert.Equal(-1, index.FindOrAdd([1, 2, 3, 4]));
        Assert.Equal(-1, index.FindOrAdd([1, 2, 9, 9])); // the first band meets, but only half of the positions are equal
        Assert.Equal(0, index.FindOrAdd([1, 2, 3, 9])); // 3 of 4 positions of the first; the second has 3 of 4 too, and the earlier one is named
        Assert.Equal(-1, index.FindOrAdd([1, 9, 8, 4])); // meets nobody
        Assert.Throws<ArgumentException>(() => index.FindOrAdd([1, 2, 3]));
    }

    [Fact]
    public void Apply_PlantedCopies_AreFoundAndNothingElse()
    {
        // One word of each copy is changed: of a tale's n 5-grams at most 5 differ, J >= (n - 5) / (n + 5), and the exact form agrees.
        TinyTalesGenerator tales = new(seed: 7);
        string[] originals = [.. Enumerable.Range(0, 150).Select(_ => tales.NextStory())];
        SeededRandom random = new(3);
        string[] copies = [.. originals.Take(40).Select(tale => Changed(tale, random))];
        (string[] kept, FunnelRow row) = Documents.Through(new NearDuplicateFilter(), [.. originals, .. copies]);
        NearDuplicates exact = new(NearDuplicateFilter.DefaultThreshold);
        int exactlyNear = originals.Concat(copies).Count(text => exact.Add(Text.Words(text)));
        Assert.Equal(40, exactlyNear);
        Assert.Equal(originals, kept);
        Assert.Equal(40, row.DocumentsIn - row.DocumentsOut);
    }

    [Fact]
    public void Apply_TextWithoutWords_Stays() =>
        Assert.Equal(["...", "..."], Documents.Through(new NearDuplicateFilter(), "...", "...").Texts);

    private static string Changed(string tale, SeededRandom random)
    {
        string[] words = tale.Split(' ');
        words[random.NextInt(words.Length)] = "otherwise";
        return string.Join(' ', words);
    }
}
