using System.Text.RegularExpressions;
using LlmFromScratch.MLTokenizers;
using LlmFromScratch.Tokenization;
using Microsoft.ML.Tokenizers;

namespace LlmFromScratch.Tests.Adapters;

/// <summary>Microsoft.ML.Tokenizers beside our tokenizer, over one vocabulary; runs with FullFeed only.</summary>
public partial class MLTokenizerAdapterTests
{
    private const string Corpus = "the cat sat on the mat, the dog's bone, a café, 12 345  \n  indeed! ";

    private readonly ByteLevelBpeTokenizer _ours = new BpeTrainer(new BpeTrainingOptions
    {
        VocabSize = 290, ControlTokens = ["<|end|>"], EndOfSequence = "<|end|>",
    }).Train([Corpus]);

    [Theory]
    [InlineData("")]
    [InlineData(Corpus)]
    [InlineData("the cats' café 😀 \n\n x")]
    [InlineData("<|end|> is text like any other")]
    public void Encode_SameVocabularyAndMerges_GivesOurIds(string text)
    {
        MLTokenizerAdapter theirs = MLTokenizerAdapter.FromBpe(_ours.ToBpeTokenizer(Words()), _ours.SpecialTokens);
        int[] ids = theirs.Encode(text);
        Assert.Equal(_ours.Encode(text), ids);
        Assert.Equal(text, theirs.Decode(ids));
    }

    [Fact]
    public void GetBytes_EveryId_IsOurs()
    {
        MLTokenizerAdapter theirs = MLTokenizerAdapter.FromBpe(_ours.ToBpeTokenizer(Words()), _ours.SpecialTokens);
        Assert.Equal(_ours.VocabSize, theirs.VocabSize);
        for (int id = 0; id < _ours.VocabSize; id++) Assert.Equal(_ours.GetBytes(id).ToArray(), theirs.GetBytes(id).ToArray());
    }

    [Fact]
    public void Encode_PackageFindsASpecialToken_IsRefused()
    {
        Dictionary<string, int> special = new() { ["<|end|>"] = _ours.SpecialTokens.EndOfSequence!.Value }; // the options name one
        BpeTokenizer finding = BpeTokenizer.Create(new BpeOptions(_ours.ToBpeTokenizer(Words()).Vocabulary)
        {
            ByteLevel = true, SpecialTokens = special, PreTokenizer = new RegexPreTokenizer(Words(), special),
        });
        MLTokenizerAdapter theirs = MLTokenizerAdapter.FromBpe(finding, _ours.SpecialTokens);
        Assert.Throws<InvalidOperationException>(() => theirs.Encode("<|end|>"));
    }

    [Fact]
    public void FromTiktoken_TinyFile_GivesIdsAndBytesOfTheFile()
    {
        string path = Path.GetTempFileName();
        IEnumerable<byte[]> tokens = Enumerable.Range(0, 256).Select(value => new[] { (byte)value }).Append("th"u8.ToArray()).Append("the"u8.ToArray());
        File.WriteAllLines(path, tokens.Select((bytes, id) => $"{Convert.ToBase64String(bytes)} {id}"));
        using (FileStream file = File.OpenRead(path))
        {
            MLTokenizerAdapter theirs = MLTokenizerAdapter.FromTiktoken(TiktokenTokenizer.Create(file, null, null), path, new SpecialTokens());
            Assert.Equal([257, 0x20, 256, 0xC3, 0xA9], theirs.Encode("the thé"));
            Assert.Equal("the thé", theirs.Decode([257, 0x20, 256, 0xC3, 0xA9]));
        }
        File.Delete(path);
    }

    // GPT-2's published pattern.
    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Words();
}
