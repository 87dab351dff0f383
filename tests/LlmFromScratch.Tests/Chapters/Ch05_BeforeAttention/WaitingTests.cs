using System.Text.RegularExpressions;
using LlmFromScratch.Course;
using LlmFromScratch.Notebooks.Model;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models.NGrams;

namespace LlmFromScratch.Tests.Chapters.Ch05_BeforeAttention;

[Trait("Chapter", "05")]
public class WaitingTests
{
    [Theory, InlineData(4), InlineData(16), InlineData(256)]
    public void Bends_InARow_AreAsManyAsTokensInAnRnnAndOneInAttention(int tokens)
    {
        Value[] xs = [.. Lab.RandomNormal(tokens, 12).Select(v => new Value(0.1 * v))];
        Value last = xs.Aggregate((Value)0.0, (h, x) => (h * 0.9 + x * 0.5).Tanh());
        Assert.Equal(tokens, Longest(last, v => v.Operation == "tanh"));

        Value[] e = [.. xs.Select(x => (xs[^1] * x).Exp())];
        Value mixed = SumOf([.. e.Zip(xs, (w, x) => w * x)]) / SumOf(e);
        Assert.Equal(1, Longest(mixed, v => v.Operation == "exp"));
        Assert.Equal(4 + (int)Math.Log2(tokens), Longest(mixed, v => v.Inputs.Count > 0)); // score, exp, times value, divide; and a tree of sums
    }

    [Fact]
    public void LinearRecurrence_JoinedInPairs_IsTheChainInTenRounds()
    {
        SeededRandom dice = new(14);
        (double A, double B)[] steps = [.. Enumerable.Range(0, 1000).Select(_ => (0.9 + 0.1 * dice.NextDouble(), dice.NextGaussian()))], joined = [.. steps];
        int rounds = 0;
        for (int reach = 1; reach < joined.Length; reach *= 2, rounds++)
        {
            (double A, double B)[] old = [.. joined];
            for (int t = reach; t < joined.Length; t++) joined[t] = (old[t].A * old[t - reach].A, old[t].A * old[t - reach].B + old[t].B);
        }
        double h = 0;
        for (int t = 0; t < steps.Length; t++) Assert.Equal(h = steps[t].A * h + steps[t].B, joined[t].B, 1e-12);
        Assert.Equal(10, rounds);
    }

    [Fact]
    public void Contexts_OfNewTales_AreKnownLessOftenTheLongerTheyAre()
    {
        string[] words = [.. Regex.Matches(Tales(), @"\w+|[^\w\s]").Select(match => match.Value)];
        int cut = words.Length * 9 / 10;
        double[] known = [.. Enumerable.Range(1, 5).Select(n =>
        {
            HashSet<string> counted = [.. Runs(words[..cut], n)];
            return Runs(words[cut..], n).Average(run => counted.Contains(run) ? 1.0 : 0);
        })];
        Assert.Equal(known.OrderDescending(), known);
        Assert.True(known[0] > 0.9 && known[4] < 0.6, string.Join(" ", known));
        static IEnumerable<string> Runs(string[] text, int n) => Enumerable.Range(0, text.Length - n + 1).Select(i => string.Join(' ', text[i..(i + n)]));
    }

    [Fact]
    public void KneserNey_MoreCharacters_PredictsBetter() // the counter of section 5.11, which falls back on shorter contexts
    {
        string tales = Tales();
        char[] alphabet = [.. tales.Distinct().Order()];
        int[] ids = [.. tales.Select(c => Array.IndexOf(alphabet, c))], seen = ids[..(ids.Length * 9 / 10)], unseen = ids[(ids.Length * 9 / 10)..];
        double[] bits = [.. Enumerable.Range(1, 5).Select(n => KneserNeyModel.Train(seen, n, alphabet.Length).BitsPerToken(unseen))];
        Assert.Equal(bits.OrderDescending(), bits);
    }

    [Fact]
    public void Dates_OfTheGates_StandInTheChapter()
    {
        string text = string.Concat(NotebookFile.Load(Path.Combine(TestData.SolutionFolder, "notebooks", "05-before-attention.ipynb")).Cells.Select(cell => cell.Source));
        Assert.All(new[] { "Hochreiter and Schmidhuber 1997", "the LSTM in it had two gates", "Gers, Schmidhuber and Cummins (1999; in print 2000)", "the GRU is of 2014" }, source => Assert.Contains(source, text));
    }

    private static string Tales() => File.ReadAllText(Path.Combine(TestData.SolutionFolder, "data", "early-tales-sample.txt")).Replace("<|endoftext|>\n", "");

    // The most counted operations on one path.
    private static int Longest(Value result, Func<Value, bool> counts)
    {
        Dictionary<Value, int> depth = [];
        foreach (Value v in result.Graph()) depth[v] = v.Inputs.Select(input => depth[input]).DefaultIfEmpty().Max() + (counts(v) ? 1 : 0);
        return depth[result];
    }

    private static Value SumOf(Value[] parts) => parts.Length == 1 ? parts[0] : SumOf(parts[..(parts.Length / 2)]) + SumOf(parts[(parts.Length / 2)..]);
}
