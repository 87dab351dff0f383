using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class DuplicateFilterTests
{
    [Fact]
    public void ExactDuplicates_WhiteSpaceApart_AreDropped()
    {
        (string[] texts, FunnelRow row) = Documents.Through(new ExactDuplicateFilter(), "A cat sat.", "A  cat\nsat. ", "a cat sat.", "A cat sat.");
        Assert.Equal(["A cat sat.", "a cat sat."], texts);
        Assert.Equal((4, 2, 42, 20), (row.DocumentsIn, row.DocumentsOut, row.BytesIn, row.BytesOut)); // 10 + 12 + 10 + 10 bytes in
    }

    [Fact]
    public void LineDuplicates_LinesOfAnEarlierDocument_AreRemovedAndCounted()
    {
        const string menu = "Home, about us, contact and legal notes";
        (string[] texts, FunnelRow row) = Documents.Through(new LineDuplicateFilter(),
            $"{menu}\nOnce there was a fox in a wood.\nThe end.",
            $"{menu.ToUpperInvariant()}!\nOnce there was a crow in a tree.\nThe end.", // case and punctuation do not matter; three words are too few to compare
            "Once there was a fox in a wood.");
        Assert.Equal([$"{menu}\nOnce there was a fox in a wood.\nThe end.", "Once there was a crow in a tree.\nThe end."], texts);
        Assert.Equal(new SortedDictionary<string, long> { ["lines removed"] = 2, ["too little left"] = 1 }, row.Notes);
    }

    [Fact]
    public void LineDuplicates_NumbersDiffer_AreTheSameLine()
    {
        (string[] texts, _) = Documents.Through(new LineDuplicateFilter(), "Page 12 of 90 in this book\nOne fine day he left.", "Page 13 of 90 in this book\nAnd he came back.");
        Assert.Equal("And he came back.", texts[1]);
    }

    [Fact]
    public void LineDuplicates_RefrainWithinADocument_Stays()
    {
        const string song = "Row, row, row your boat\nGently down the little stream\nRow, row, row your boat";
        (string[] texts, FunnelRow row) = Documents.Through(new LineDuplicateFilter(), song);
        Assert.Equal([song], texts);
        Assert.Empty(row.Notes);
    }
}
