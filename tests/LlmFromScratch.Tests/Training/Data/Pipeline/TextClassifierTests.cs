using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class TextClassifierTests
{
    [Fact]
    public void Of_SmallText_CountsGramsWithinWords()
    {
        // "A b?" is read as " a b ": 1-grams " " (3), a, b; 2-grams " a", "a ", " b", "b "; 3-grams " a ", " b ". No n-gram spans two words. 9 + 8 · 1 = 17 squares.
        (int Index, double Value)[] grams = HashedGrams.Of("A b?");
        Assert.Equal(9, grams.Length);
        Assert.Equal(3 / Math.Sqrt(17), grams.Max(gram => gram.Value), 12);
        Assert.Equal(1, grams.Sum(gram => gram.Value * gram.Value), 12);
    }

    [Fact]
    public void Train_TwoClasses_TellsThemApartAndSumsToOne()
    {
        TextClassifier classifier = TextClassifier.Train([new("b", "oo oo oo"), new("a", "ee ee"), new("b", "oo o"), new("a", "e ee e")]);
        Assert.Equal(["a", "b"], classifier.Labels);
        Assert.Equal("a", classifier.Classify("eee ee").Label);
        Assert.Equal("b", classifier.Classify("o o oo").Label);
        Assert.Equal(1, classifier.Probabilities("oe").Sum(), 12);
        Assert.Equal(classifier.Classify("eee").Probability, classifier.Probability("eee", "a"));
        Assert.Throws<ArgumentException>(() => classifier.Probability("eee", "c"));
        Assert.Throws<ArgumentException>(() => TextClassifier.Train([new("a", "x")]));
    }

    [Fact]
    public void Train_SameExamples_SameBits()
    {
        IReadOnlyList<LabelledText> examples = [.. OwnClassifiers.KindnessExamples().Take(40)];
        const string text = "What a silly thing to say.";
        Assert.Equal(TextClassifier.Train(examples).Probabilities(text), TextClassifier.Train(examples).Probabilities(text));
    }

    [Theory]
    [InlineData("languages", 0.9)]
    [InlineData("kind and unkind", 0.75)]
    public void HeldOut_OwnExamples_AreRightAsOftenAsTheReadmeSays(string what, double least)
    {
        (int right, int count) = OwnClassifiers.HeldOut(what == "languages" ? OwnClassifiers.LanguageExamples() : OwnClassifiers.KindnessExamples());
        Assert.Contains($"{right} of {count} for {what}", File.ReadAllText(Path.Combine(TestData.SolutionFolder, "data", "README.md")));
        Assert.InRange((double)right / count, least, 1);
    }

    [Theory]
    [InlineData("# comment\n\nde\tEin Satz.\n", 1)]
    [InlineData("de\tEin Satz.\nen\tA sentence.", 2)]
    public void Read_Lines_GivesPairs(string text, int count) => Assert.Equal(count, LabelledText.Read(new StringReader(text), "test").Count);

    [Fact]
    public void Read_LineWithoutTab_NamesIt() =>
        Assert.Contains("test: line 2", Assert.Throws<InvalidDataException>(() => LabelledText.Read(new StringReader("a\tb\nab"), "test")).Message);
}
