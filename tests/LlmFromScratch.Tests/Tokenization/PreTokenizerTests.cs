using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Tokenization;

public class PreTokenizerTests
{
    [Theory]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("I'll SAY it's 'x", "I|'ll| SAY| it|'s| '|x")]
    [InlineData("I'LL", "I|'|LL")] // GPT-2's contractions are small letters
    [InlineData("a  b", "a| | b")] // the last space goes with the word
    [InlineData("a \n\tb ", "a| \n|\t|b| ")] // a tab goes with no word
    [InlineData("in 2024, 3½%", "in| 2024|,| 3½|%")]
    [InlineData("привет 𝒳𝒴", "привет| 𝒳𝒴")] // letters beyond U+FFFF
    [InlineData("\u00A0\u2003x", "\u00A0|\u2003|x")] // spaces that are not U+0020
    [InlineData("e\u0301", "e|\u0301")] // a combining accent is no letter
    public void Split_Gpt2_CutsAsThePatternSays(string text, string expected) => Assert.Equal(expected, Words(PreTokenizer.Gpt2, text));

    [Theory]
    [InlineData("I'LL say", "I|'LL| say")] // any case
    [InlineData("12345", "123|45")]
    [InlineData("x 12", "x| |12")] // a number takes no space
    [InlineData("\tword (word)", "\tword| (|word|)")] // any one character that is no letter, digit or line end goes with a word
    [InlineData("don't!\r\n\n x", "don|'t|!\r\n\n| x")] // line ends go with the signs before them
    [InlineData("a \n \n  b", "a| \n \n| | b")] // spaces up to the last line end are one word
    [InlineData("'hello", "'hello")]
    public void Split_Llama3_CutsAsThePatternSays(string text, string expected) => Assert.Equal(expected, Words(PreTokenizer.Llama3, text));

    [Fact]
    public void Split_Qwen2_CutsEachDigit() => Assert.Equal("1|2|3|a", Words(PreTokenizer.Qwen2, "123a"));

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("qwen2")]
    public void Split_AnyTextOfTheBasicPlane_EqualsTheRegex(string name)
    {
        // .NET's own engine is the definition where it can be: without characters beyond U+FFFF, which it sees as two.
        string pattern = name == "gpt-2"
            ? @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
            : @"'[sStTmMdD]|'[rR][eE]|'[vV][eE]|'[lL][lL]|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,"
                + (name == "qwen2" ? "1" : "3") + @"}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
        System.Text.RegularExpressions.Regex regex = new(pattern, System.Text.RegularExpressions.RegexOptions.CultureInvariant);
        PreTokenizer preTokenizer = PreTokenizer.Find(name)!; // not null: the names above are the supported ones
        Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text =>
        {
            text = string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp ? rune.ToString() : "★"));
            return Words(preTokenizer, text) == string.Join('|', regex.Matches(text).Select(match => match.Value));
        }));
    }

    [Fact]
    public void Split_BytesThatAreNotUtf8_AreAWord() => Assert.Equal([3, 4], PreTokenizer.Gpt2.Split([0xFF, 0x80, 0xE2, 0x20]));

    private static string Words(PreTokenizer preTokenizer, string text)
    {
        List<string> words = [];
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int start = 0;
        foreach (int end in preTokenizer.Split(bytes))
        {
            words.Add(Encoding.UTF8.GetString(bytes[start..end]));
            start = end;
        }
        return string.Join('|', words);
    }
}
