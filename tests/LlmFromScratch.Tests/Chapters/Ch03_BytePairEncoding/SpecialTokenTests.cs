using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Course;
using LlmFromScratch.Course.Chapters.Ch03;
using LlmFromScratch.Inference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tests.Tokenization;
using LlmFromScratch.Tokenization;
using Check = FsCheck.Check;

namespace LlmFromScratch.Tests.Chapters.Ch03_BytePairEncoding;

/// <summary>Checklist D7: control tokens that text cannot forge; streams without half characters; a learner's tokenizer in the model.</summary>
[Trait("Chapter", "03")]
public class SpecialTokenTests
{
    private static readonly ByteLevelBpeTokenizer Marked = new BpeTrainer(new BpeTrainingOptions
    {
        VocabSize = 400, ControlTokens = [Tales.EndOfText], EndOfSequence = Tales.EndOfText,
    }).Train([Tales.Known, Tales.EndOfText]);

    [Fact]
    public void Encode_AnyTextAroundTheNameOfAControlToken_NeverGivesItsId()
    {
        int end = Marked.SpecialTokens.EndOfSequence ?? -1;
        Assert.Equal(399, end);
        Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text =>
        {
            int[] ids = Marked.Encode(text + Tales.EndOfText + text);
            return !ids.Contains(end) && Marked.Decode(ids) == text + Tales.EndOfText + text;
        }));
    }

    [Fact]
    public void Stream_OfAnyText_IsTheTextInWholeCharacters() => Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text =>
    {
        var decoder = new StreamingDecoder(Marked);
        StringBuilder shown = new();
        foreach (int id in Marked.Encode(text))
        {
            shown.Append(decoder.Append(id));
            if (!text.StartsWith(shown.ToString(), StringComparison.Ordinal)) return false;
        }
        return shown.Append(decoder.Finish()).ToString() == text;
    }));

    [Fact]
    public void Stream_EndedInsideACharacter_ShowsOneReplacement()
    {
        var decoder = new StreamingDecoder(Marked);
        Assert.All(Marked.Encode("🦊")[..2], id => Assert.Equal("", decoder.Append(id)));
        Assert.Equal("\uFFFD", decoder.Finish());
    }

    [Fact]
    public void TeachingTokenizer_AnyText_EqualsTheLibrary()
    {
        var teaching = new TeachingTokenizer(
            [.. Enumerable.Range(0, Marked.VocabSize).Select(id => Marked.GetBytes(id).ToArray())], Marked.Merges.ToArray(), Marked.SpecialTokens);
        Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text =>
            teaching.Encode(text).SequenceEqual(Marked.Encode(text)) && teaching.Decode(Marked.Encode(text)) == text));
    }

    [Fact]
    public void Generate_OnALearnersTokenizer_WritesWhatTheModelWrites()
    {
        const string Prompt = "Once upon a time there was a little fox";
        using LanguageModel model = LanguageModel.LoadEmbedded();
        GenerationOptions greedy = new() { MaxTokens = 20, Sampling = new SamplingOptions { Temperature = 0 } };
        Assert.Equal(Prompt + model.Generator.Generate(Prompt, greedy).Text,
            Lab.Generate(Prompt, (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special), maxTokens: 20));
        Assert.StartsWith("○", Lab.Generate(Prompt, (_, _, _) => throw new NotImplementedException("exercise 3.4")));
        string tooSmall = Lab.Generate(Prompt, (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special) { VocabSize = tokens.Length - 3 });
        Assert.StartsWith("○ The model cannot speak through this tokenizer yet: ArgumentException: TextGenerator: the tokenizer has 2045 ids, the model 2048", tooSmall);
    }
}
