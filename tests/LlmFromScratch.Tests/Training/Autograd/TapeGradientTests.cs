using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training.Autograd;

/// <summary>Every operation against central differences, at sizes that leave tails beside the sixteen lanes.</summary>
public class TapeGradientTests
{
    [Fact]
    public void Embedding_RepeatedIds_MatchesCentralDifferences()
    {
        Variable table = GradientCheck.Random("table", new Shape(5, 19), 1);
        GradientCheck.Run(tape => tape.Embedding(table, new[] { 3, 0, 3, 4, 3 }), table);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 3)]
    [InlineData(9, 31, 17)]
    public void Linear_OddSizes_MatchesCentralDifferences(int rows, int inSize, int outSize)
    {
        Variable x = GradientCheck.Random("x", new Shape(rows, inSize), 1), weight = GradientCheck.Random("weight", new Shape(outSize, inSize), 2);
        GradientCheck.Run(tape => tape.Linear(x, weight), x, weight);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 33)]
    [InlineData(65, 7)] // one row more than a piece
    public void RmsNorm_OddSizes_MatchesCentralDifferences(int rows, int size)
    {
        Variable x = GradientCheck.Random("x", new Shape(rows, size), 1), weight = GradientCheck.Random("weight", new Shape(size), 2);
        foreach (ref float value in x.Data) value += value < 0 ? -1 : 1; // away from 0, where a row of one value turns at once
        GradientCheck.Run(tape => tape.RmsNorm(x, weight, 1e-2f), x, weight);
    }

    [Theory]
    [InlineData(RopePairing.Interleaved)]
    [InlineData(RopePairing.Half)]
    public void Rope_TwoSequences_MatchesCentralDifferences(RopePairing pairing)
    {
        Variable x = GradientCheck.Random("x", new Shape(6, 3 * 10), 1);
        GradientCheck.Run(tape => tape.Rope(x, new RopeSettings(10, 3, 100, pairing, 2)), x);
    }

    [Theory]
    [InlineData(1, 1, 1, 2, 2, 6, true)]
    [InlineData(2, 9, 9, 4, 2, 6, true)]
    [InlineData(2, 5, 19, 2, 1, 18, true)] // queries are the last of more keys
    [InlineData(3, 3, 7, 3, 3, 4, false)]
    public void Attention_OddSizes_MatchesCentralDifferences(int sequences, int queries, int keys, int heads, int kvHeads, int size, bool causal)
    {
        Variable q = GradientCheck.Random("q", new Shape(sequences * queries, heads * size), 1, 0.5);
        Variable k = GradientCheck.Random("k", new Shape(sequences * keys, kvHeads * size), 2, 0.5), v = GradientCheck.Random("v", k.Shape, 3);
        GradientCheck.Run(tape => tape.Attention(q, k, v, new AttentionSettings(sequences, heads, kvHeads, causal)), q, k, v);
    }

    [Fact]
    public void SiluMul_OddSize_MatchesCentralDifferences()
    {
        Variable gate = GradientCheck.Random("gate", new Shape(3, 37), 1), up = GradientCheck.Random("up", new Shape(3, 37), 2);
        GradientCheck.Run(tape => tape.SiluMul(gate, up), gate, up);
    }

    [Fact]
    public void Add_SharedInput_AddsBothGradients()
    {
        Variable x = GradientCheck.Random("x", new Shape(3, 7), 1), y = GradientCheck.Random("y", new Shape(3, 7), 2);
        GradientCheck.Run(tape => tape.Add(tape.Add(x, y), x), x, y);
        Assert.Equal(2 * y.Gradient[0], x.Gradient[0]);
    }

    [Fact]
    public void CrossEntropy_WithIgnoredRow_MatchesCentralDifferences()
    {
        Variable logits = GradientCheck.Random("logits", new Shape(4, 21), 1);
        GradientCheck.Run(tape => tape.CrossEntropy(logits, new[] { 20, Tape.IgnoredTarget, 0, 7 }), logits);
        Assert.Equal(new float[21], logits.Gradient.Slice(21, 21).ToArray());
    }

    [Fact]
    public void CrossEntropy_HugeLogits_StaysFinite()
    {
        Variable logits = new Variable("logits", new Shape(1, 3)).Fill([1000, 0, -1000]);
        using Tape tape = new();
        Assert.Equal(1000, tape.Backward(tape.CrossEntropy(logits, new[] { 1 }))); // -log(e^0 / e^1000)
        Assert.Equal([1, -1, 0], logits.Gradient.ToArray());
    }

    [Fact]
    public void Backward_Twice_AccumulatesUntilZeroed()
    {
        Variable x = new Variable("x", new Shape(1, 1)).Fill([3]), w = new Variable("w", new Shape(1, 1)).Fill([2]);
        using Tape tape = new();
        tape.Backward(tape.Linear(x, w), 1f);
        tape.Backward(tape.Linear(x, w), 1f);
        Assert.Equal(6, w.Gradient[0]); // d(xw)/dw = x = 3, twice
        w.ZeroGradient();
        Assert.Equal(0, w.Gradient[0]);
    }

    [Fact]
    public void Data_AfterBackward_SaysThatItWasFreed()
    {
        Variable x = new Variable("x", new Shape(1, 1)).Fill([3]);
        using Tape tape = new();
        Variable y = tape.Add(x, x);
        tape.Backward(y, 1f);
        Assert.Contains("freed", Assert.Throws<InvalidOperationException>(() => y.Data.Length).Message);
    }

    [Fact]
    public void Linear_WrongWeight_NamesBothShapes()
    {
        using Tape tape = new();
        Variable x = new("x", new Shape(4, 8)), weight = new("w", new Shape(8, 3));
        ArgumentException error = Assert.Throws<ArgumentException>(() => tape.Linear(x, weight));
        Assert.Contains("[4, 8]", error.Message);
        Assert.Contains("[8, 3]", error.Message);
    }
}
