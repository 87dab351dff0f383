using LlmFromScratch.Course;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Chapters.Ch04_Embeddings;

/// <summary>Checklist E3 (contextual embeddings) and B13: what the rows of the embedded model take up from block to block.</summary>
[Trait("Chapter", "04")]
public class ContextTests
{
    [Fact]
    public void Row_OfOneWordInThreeSentences_LeavesTheTableAsOneAndPartsMoreByWhatHappenedThanByTheThing()
    {
        StreamReading[] read = Lab.ReadStreams("Tom had a red kite. One day he lost it", "Tom had a red drum. One day he lost it", "Tom had a red kite. One day he found it");
        float[] It(int sentence, int layer) => read[sentence].Row(layer, read[sentence].Last("it"));
        Assert.Equal(It(0, 0), It(1, 0));
        Assert.Equal(It(0, 0), It(2, 0)); // the table knows one "it"
        int last = read[0].LayerCount;
        double thing = Cosine(It(0, last), It(1, last)), deed = Cosine(It(0, last), It(2, last));
        Assert.True(deed < thing && thing < 0.999, $"another thing {thing:0.000}, another deed {deed:0.000}");
    }

    [Fact]
    public void Last_OfAWordThatIsNotThere_SaysHowTheTextWasRead() =>
        Assert.Contains("no token is \"wolf\"; the text was read as ", Assert.Throws<ArgumentException>(() => Lab.ReadStreams("the fox")[0].Last("wolf")).Message);

    [Fact]
    public void Probe_OfAFullStop_LearnsThePlotFromTheBlocksAndNothingFromTheTable()
    {
        TinyTalesGenerator generator = new(99);
        List<(string Start, string Plot)> tales = [];
        while (tales.Count < 150)
        {
            TinyTale tale = generator.NextTale();
            int stop = -1;
            for (int i = 0; i < 3; i++) stop = tale.Text.IndexOf('.', stop + 1);
            if (stop > 0) tales.Add((tale.Text[..(stop + 1)], tale.Plot));
        }
        StreamReading[] readings = Lab.ReadStreams([.. tales.Select(tale => tale.Start)]);
        string[] classes = [.. tales.Select(tale => tale.Plot).Distinct()];
        int[] plots = [.. tales.Select(tale => Array.IndexOf(classes, tale.Plot))];
        double table = Probe(readings, 0, plots, classes.Length), best = Enumerable.Range(1, readings[0].LayerCount).Max(layer => Probe(readings, layer, plots, classes.Length));
        Assert.True(table < 0.2, $"the table's row of a full stop is one and the same, and was right for {table:0.00}");
        Assert.True(best > table + 0.3, $"the best block was right for {best:0.00}, the table for {table:0.00}");
    }

    // Softmax regression on two thirds of the rows; the share of the others that is right.
    private static double Probe(StreamReading[] readings, int layer, int[] labels, int classes)
    {
        float[][] x = [.. readings.Select(reading => reading.Row(layer, reading.Tokens.Length - 1)).Select(row => Lab.Scale(row, (float)Math.Sqrt(row.Length / row.Sum(v => (double)v * v))))];
        int known = x.Length * 2 / 3, size = x[0].Length;
        Variable weight = new("w", new Shape(classes, size)), bias = new("b", new Shape(classes));
        Variable seen = Rows(x[..known]), asked = Rows(x[known..]);
        AdamW optimizer = new([weight, bias], new AdamWSettings { WeightDecay = 0.1f });
        using Tape tape = new();
        for (int step = 0; step < 80; step++)
        {
            weight.ZeroGradient();
            bias.ZeroGradient();
            tape.Backward(tape.CrossEntropy(tape.Linear(seen, weight, bias), labels[..known]));
            optimizer.Step(0.02f);
        }
        return tape.Linear(asked, weight, bias).Data.ToArray().Chunk(classes).Zip(labels[known..], (row, label) => Array.IndexOf(row, row.Max()) == label ? 1.0 : 0).Average();
        Variable Rows(float[][] of) => new Variable("x", new Shape(of.Length, size), requiresGradient: false).Fill([.. of.SelectMany(row => row)]);
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
