using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Tokenization;

public class WordPatternTests
{
    [Theory]
    [InlineData("a+?b|a", "aaab", "aaab")] // lazy
    [InlineData("a++a|b", "aab", "aa|b")] // possessive: never gives back, so a gap is left
    [InlineData("(?i:s)x", "Sxſx", "Sx|ſx")] // the long s folds to s
    [InlineData(@"[\p{L}&&[^a-z]]+", "abÀBc", "ab|ÀB|c")]
    [InlineData(@"\p{N}{2,3}", "12345", "123|45")]
    [InlineData(@"(?:ab|a)(?=b)", "abab", "a|b|a|b")]
    [InlineData(@"(?!b)\w", "abc", "a|b|c")]
    [InlineData(@"\bcat\b", "cat concat", "cat| concat")]
    [InlineData(@"[^\s]+$", "a b", "a |b")]
    [InlineData(@"\u00e9|\x{1F642}", "aé🙂", "a|é|🙂")]
    public void Split_Pattern_CutsAtMatchesAndGaps(string pattern, string text, string expected) => Assert.Equal(expected, Words(new PatternStage(pattern), text));

    [Fact]
    public void Split_PatternsWrittenByHand_EqualThePatterns()
    {
        (WordStage Fast, string Pattern)[] pairs =
        [
            (new WordScanner(isGpt2: true, int.MaxValue), PreTokenizerCatalog.Gpt2Pattern), (new WordScanner(isGpt2: false, 3), PreTokenizerCatalog.Llama3Pattern),
            (new WordScanner(isGpt2: false, 1), PreTokenizerCatalog.Qwen2Pattern),
        ];
        foreach ((WordStage fast, string pattern) in pairs)
        {
            PatternStage slow = new(pattern);
            Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text => text.Contains('\u017F') || Words(fast, text) == Words(slow, text)));
        }
    }

    [Theory]
    [InlineData("deepseek-llm")]
    [InlineData("jais-2")]
    [InlineData("gpt-4o")]
    [InlineData("tiny_aya")]
    public void Split_LongRunsOfOneCharacter_TakeNoQuadraticTime(string name)
    {
        foreach (char c in " a1A!\n")
        {
            byte[] text = Encoding.UTF8.GetBytes(new string(c, 200_000) + "x");
            Assert.Equal(text.Length, PreTokenizer.Find(name)!.Split(text)[^1]); // not null: the names are known ones; quadratic time would take hours
        }
    }

    [Fact]
    public void Split_EveryKind_KeepsEveryByte()
    {
        byte[] text = [.. "Ünï 12345 'll\r\n\r\n  \t नमस्ते 你好🙂 ABCdef_x "u8, 0xFF, 0xC3, 0x20, 0xE2, 0x82];
        foreach (string name in PreTokenizer.Names.Split(", "))
        {
            List<int> ends = PreTokenizer.Find(name)!.Split(text); // not null: it is in the list
            Assert.Equal(text.Length, ends[^1]);
            Assert.True(ends.Zip(ends.Skip(1)).All(pair => pair.First < pair.Second), name);
        }
    }

    private static string Words(WordStage stage, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<int> ends = [];
        stage.Split(bytes, 0, ends);
        int start = 0;
        List<string> words = [];
        foreach (int end in ends)
        {
            words.Add(Encoding.UTF8.GetString(bytes[start..end]));
            start = end;
        }
        return string.Join('|', words);
    }
}
