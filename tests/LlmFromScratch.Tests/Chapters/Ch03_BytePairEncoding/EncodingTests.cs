using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Course.Chapters.Ch03;
using LlmFromScratch.Tests.Tokenization;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Chapters.Ch03_BytePairEncoding;

/// <summary>Checklist D2, D10, D12 and D13: encoding by rank, words, what a token costs, and the diagrams.</summary>
[Trait("Chapter", "03")]
public partial class EncodingTests
{
    private const string Russian = "Лисёнок нашёл в саду красного змея.", Chinese = "小狐狸在花园里找到一只红色的风筝。";

    [Fact]
    public void Encode_AnyBytes_ComeBack() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        Tales.Tokenizer.Encode(bytes).SelectMany(id => Tales.Tokenizer.GetBytes(id).ToArray()).SequenceEqual(bytes)));

    [Fact]
    public void Encode_AnyText_ComesBack() => Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text =>
        Tales.Tokenizer.Decode(Tales.Tokenizer.Encode(text)) == text));

    [Fact]
    public void Encode_EveryWordOfTheTales_EqualsTheReplayOfTraining() =>
        Assert.All(Words(Tales.Text), word => Assert.Equal(Replay(word)[^1], Tales.Tokenizer.Encode(word)));

    [Fact]
    public void Encode_FromTheLeftInsteadOfByRank_GivesOtherIds()
    {
        BpeMerge[] merges = Tales.Tokenizer.Merges.ToArray();
        int differ = Words(Tales.Fresh).Count(word => !EncodeWordExercise.Encode(
            Encoding.UTF8.GetBytes(word), merges, (ranks, _) => Array.FindIndex(ranks, rank => rank >= 0))
                .SequenceEqual(Tales.Tokenizer.Encode(word)));
        Assert.InRange(differ, 50, 200);
    }

    [Fact]
    public void Words_OfThePattern_AreThePreTokenizers() => Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text =>
    {
        if (text.Any(char.IsSurrogate)) return true; // .NET's \p{L} sees half of such a letter
        return Gpt2Pattern().Matches(text).Select(match => match.Value)
            .SequenceEqual(TeachingTokenizer.WordsOf(text).Select(word => Encoding.UTF8.GetString(word)));
    }));

    [Fact]
    public void Encode_AlphabetsThatTheCorpusLacks_CostATokenAByte()
    {
        Assert.Equal(Encoding.UTF8.GetByteCount(Chinese), Tales.Tokenizer.Encode(Chinese).Length);
        Assert.InRange(Tales.Tokenizer.Encode(Russian).Length, Encoding.UTF8.GetByteCount(Russian) * 0.95, Encoding.UTF8.GetByteCount(Russian));
        Assert.True(Tales.Tokenizer.Encode(Tales.Fresh).Length * 2 < Encoding.UTF8.GetByteCount(Tales.Fresh));
    }

    [Fact]
    public void Encode_CapitalsAndIndentation_CostMore()
    {
        Assert.True(Tales.Tokenizer.Encode("THE LITTLE FOX").Length > 2 * Tales.Tokenizer.Encode("The little fox").Length);
        Assert.True(Tales.Tokenizer.Encode(new string(' ', 40)).Length > 30);
    }

    [Fact]
    public void Train_AlphabetAddedToTheCorpus_CostsLess()
    {
        ByteLevelBpeTokenizer mixed = Tales.Train(556, Tales.Known, string.Concat(Enumerable.Repeat(Russian, 60)));
        Assert.True(mixed.Encode(Russian).Length * 2 < Tales.Tokenizer.Encode(Russian).Length);
        Assert.True(mixed.Encode(Tales.Fresh).Length > Tales.Tokenizer.Encode(Tales.Fresh).Length); // the places are taken from English
        Assert.Equal(Tales.Tokenizer.Encode(Chinese).Length, mixed.Encode(Chinese).Length);
    }

    [Fact]
    public void MergeStepper_OfASentence_EndsAtTheEncodersTokens()
    {
        const string Sentence = "Once upon a time the fox found a friend.";
        List<int[]> states = Replay(Sentence);
        Assert.Equal(Tales.Tokenizer.Encode(Sentence), states[^1]);
        byte[][][] pieces = [.. states.Select(ids => ids.Select(id => Tales.Tokenizer.GetBytes(id).ToArray()).ToArray())];
        _ = new TokenChipsWidget(pieces[^1], states[^1], pieces); // throws where a step is not exactly one merge
        Assert.Throws<ArgumentException>(() => new TokenChipsWidget(pieces[^1], states[^1], [.. pieces.Where((_, i) => i != 3)]));
    }

    [Fact]
    public void TokenChips_OfAText_ShowTheEncodersIds()
    {
        int[] ids = Tales.Tokenizer.Encode("Once upon a time there was a Füchslein.");
        string svg = new TokenChipsWidget([.. ids.Select(id => Tales.Tokenizer.GetBytes(id).ToArray())], ids).ToSvg();
        int at = 0;
        Assert.All(ids, id => Assert.True((at = svg.IndexOf($">{id}<", at + 1, StringComparison.Ordinal)) > 0, $"{id} is not shown in its place"));
    }

    private static IEnumerable<string> Words(string text) => TeachingTokenizer.WordsOf(text).Select(word => Encoding.UTF8.GetString(word)).Distinct();

    // Every merge in the order in which it was learned, applied everywhere: the state after each that applied.
    private static List<int[]> Replay(string text)
    {
        int[][] words = [.. TeachingTokenizer.WordsOf(text).Select(word => word.Select(value => (int)value).ToArray())];
        List<int[]> states = [[.. words.SelectMany(word => word)]];
        foreach (BpeMerge merge in Tales.Tokenizer.Merges)
        {
            words = Array.ConvertAll(words, word => MergePairExercise.Merge(word, merge.Left, merge.Right, merge.Id));
            if (words.Sum(word => word.Length) < states[^1].Length) states.Add([.. words.SelectMany(word => word)]);
        }
        return states;
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2Pattern();
}
