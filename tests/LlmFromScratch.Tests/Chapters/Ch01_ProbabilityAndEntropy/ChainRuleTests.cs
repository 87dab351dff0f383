using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A2: conditional probability and the chain rule, on the bigram table of exercise 1.3.</summary>
[Trait("Chapter", "01")]
public class ChainRuleTests
{
    private const string Alphabet = "abc";
    private const string Text = "abaacabab"; // pairs: ab 3, aa 1, ac 1, ba 2, ca 1
    private static readonly int[] Ids = [.. Text.Select(letter => Alphabet.IndexOf(letter))];
    private static readonly float[] Table = ((Func<int[], int, float[]>)ExerciseCatalogue.Find("1.3").CreateSolution())(Ids, Alphabet.Length);
    private static readonly double[] First = [.. Alphabet.Select(letter => Text.Count(x => x == letter) / (double)Text.Length)];

    [Fact]
    public void Bigram_CountedByHand_GivesTheConditionals()
    {
        Assert.Equal([0.2f, 0.6f, 0.2f, 1, 0, 0, 1, 0, 0], Table);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Probabilities_OfAllStringsOfOneLength_SumToOne(int length) => Assert.Equal(1, Strings(length).Sum(ProductOfConditionals), 6);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Product_OfConditionals_IsExpOfTheSumOfLogs(int length)
    {
        foreach (string text in Strings(length).Where(text => ProductOfConditionals(text) > 0))
            Assert.Equal(ProductOfConditionals(text), Math.Exp(Factors(text).Sum(Math.Log)), 12);
    }

    [Fact]
    public void Probability_OfAStringByHand_IsTheProduct() =>
        Assert.Equal(5 / 9.0 * 0.6 * 1, ProductOfConditionals("aba"), 6); // P(a) = 5/9, P(b|a) = 3/5, P(a|b) = 1

    private static IEnumerable<string> Strings(int length) =>
        length == 0 ? [""] : Strings(length - 1).SelectMany(head => Alphabet.Select(letter => head + letter));

    private static double ProductOfConditionals(string text) => Factors(text).Aggregate(1.0, (product, factor) => product * factor);

    private static IEnumerable<double> Factors(string text) =>
        text.Select((letter, i) => i == 0 ? First[Alphabet.IndexOf(letter)] : Table[Alphabet.IndexOf(text[i - 1]) * Alphabet.Length + Alphabet.IndexOf(letter)]);
}
