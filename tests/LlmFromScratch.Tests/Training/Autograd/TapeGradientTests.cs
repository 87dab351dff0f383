using LlmFromScratch.Kernels;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training.Autograd;

/// <summary>Every operation against central differences, at sizes that leave tails beside the sixteen lanes.</summary>
public class TapeGradientTests
{
    [Fact]
    public void Embedding_RepeatedIds_MatchesCentralDifferences()
    {
        Variable table = Gradients.Random("table", new Shape(5, 19), 1);
        Gradients.Check(tape => tape.Embedding(table, new[] { 3, 0, 3, 4, 3 }), table);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 3)]
    [InlineData(9, 31, 17)]
    public void Linear_OddSizes_MatchesCentralDifferences(int rows, int inSize, int outSize)
    {
        Variable x = Gradients.Random("x", new Shape(rows, inSize), 1), weight = Gradients.Random("weight", new Shape(outSize, inSize), 2);
        Gradients.Check(tape => tape.Linear(x, weight), x, weight);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 33)]
    [InlineData(65, 7)] // one row more than a piece
    public void RmsNorm_OddSizes_MatchesCentralDifferences(int rows, int size)
    {
        Variable x = Gradients.Random("x", new Shape(rows, size), 1), weight = Gradients.Random("weight", new Shape(size), 2);
        foreach (ref float value in x.Data) value += value < 0 ? -1 : 1; // away from 0, where a row of one value turns at once
        Gradients.Check(tape => tape.RmsNorm(x, weight, 1e-2f), x, weight);
    }

    [Theory]
    [InlineData(RopePairing.Interleaved)]
    [InlineData(RopePairing.Half)]
    public void Rope_TwoSequences_MatchesCentralDifferences(RopePairing pairing)
    {
        Variable x = Gradients.Random("x", new Shape(6, 3 * 10), 1);
        Gradients.Check(tape => tape.Rope(x, new RopeSettings(10, 3, 100, pairing, 2)), x);
    }

    [Theory]
    [InlineData(1, 1, 1, 2, 2, 6, true)]
    [InlineData(2, 5, 5, 4, 2, 4, true)]
    [InlineData(1, 3, 9, 2, 1, 10, true)] // queries are the last of more keys
    [InlineData(2, 3, 7, 3, 3, 2, false)]
    public void Attention_OddSizes_MatchesCentralDifferences(int sequences, int queries, int keys, int heads, int kvHeads, int size, bool causal)
    {
        Variable q = Gradients.Random("q", new Shape(sequences * queries, heads * size), 1, 0.5);
        Variable k = Gradients.Random("k", new Shape(sequences * keys, kvHeads * size), 2, 0.5), v = Gradients.Random("v", k.Shape, 3);
        Gradients.Check(tape => tape.Attention(q, k, v, new AttentionSettings(sequences, heads, kvHeads, causal)), q, k, v);
    }

    [Fact]
    public void SiluMul_OddSize_MatchesCentralDifferences()
    {
        Variable gate = Gradients.Random("gate", new Shape(3, 37), 1), up = Gradients.Random("up", new Shape(3, 37), 2);
        Gradients.Check(tape => tape.SiluMul(gate, up), gate, up);
    }

    [Fact]
    public void Add_SharedInput_AddsBothGradients()
    {
        Variable x = Gradients.Random("x", new Shape(3, 7), 1), y = Gradients.Random("y", new Shape(3, 7), 2);
        Gradients.Check(tape => tape.Add(tape.Add(x, y), x), x, y);
        Assert.Equal(2 * y.Gradient[0], x.Gradient[0]);
    }

    [Fact]
    public void CrossEntropy_WithIgnoredRow_MatchesCentralDifferences()
    {
        Variable logits = Gradients.Random("logits", new Shape(4, 21), 1);
        Gradients.Check(tape => tape.CrossEntropy(logits, new[] { 20, Tape.IgnoredTarget, 0, 7 }), logits);
        Assert.Equal(new float[21], logits.Gradient.Slice(21, 21).ToArray());
    }

    [Fact]
    public void CrossEntropy_OfDistributions_MatchesCentralDifferencesAndIds()
    {
        Variable logits = Gradients.Random("logits", new Shape(2, 3), 1);
        Variable soft = Variable.Constant("soft", new Shape(2, 3), [0.5, 0.25, 0.25, 0, 1, 0]), hard = Variable.Constant("hard", new Shape(2, 3), [0, 0, 1, 0, 1, 0]);
        Gradients.Check(tape => tape.CrossEntropy(logits, soft), logits);
        ReferenceTape reference = new();
        Assert.Equal(reference.Values(reference.CrossEntropy(logits, new[] { 2, 1 }))[0], reference.Values(reference.CrossEntropy(logits, hard))[0], 12);
        double[] log = reference.Values(reference.LogSoftmax(logits)).ToArray();
        Assert.Equal(-(0.5 * log[0] + 0.25 * log[1] + 0.25 * log[2] + log[4]) / 2, reference.Values(reference.CrossEntropy(logits, soft))[0], 12);
    }

    [Fact]
    public void CrossEntropy_HugeLogits_StaysFinite()
    {
        Variable logits = new Variable("logits", new Shape(1, 3)).Fill([1000, 0, -1000]);
        using Tape tape = new();
        Assert.Equal(1000, tape.Backward(tape.CrossEntropy(logits, new[] { 1 }))); // -log(e^0 / e^1000)
        Assert.Equal([1, -1, 0], logits.Gradient.ToArray());
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 33)]
    [InlineData(65, 7)] // one row more than a piece
    public void LayerNorm_OddSizes_MatchesCentralDifferences(int rows, int size)
    {
        Variable x = Gradients.Random("x", new Shape(rows, size), 1), weight = Gradients.Random("weight", new Shape(size), 2);
        Variable bias = Gradients.Random("bias", new Shape(size), 3);
        Gradients.Check(tape => tape.LayerNorm(x, weight, bias, 1e-1f), x, weight, bias);
    }

    [Theory, InlineData(Activation.Relu), InlineData(Activation.GeluErf), InlineData(Activation.GeluTanh), InlineData(Activation.Silu)]
    [InlineData(Activation.Sigmoid), InlineData(Activation.Tanh), InlineData(Activation.LogSigmoid), InlineData(Activation.Exp)]
    public void Activate_OddSize_MatchesCentralDifferences(Activation activation)
    {
        Variable x = Gradients.Random("x", new Shape(3, 37), 1);
        Gradients.Check(tape => tape.Activate(x, activation), x);
    }

    [Fact]
    public void AddRow_OddSize_MatchesCentralDifferences()
    {
        Variable x = Gradients.Random("x", new Shape(66, 5), 1), row = Gradients.Random("row", new Shape(5), 2);
        Gradients.Check(tape => tape.AddRow(x, row), x, row);
    }

    [Fact]
    public void Multiply_AlsoByItself_MatchesCentralDifferences()
    {
        Variable a = Gradients.Random("a", new Shape(3, 19), 1), b = Gradients.Random("b", new Shape(3, 19), 2);
        Gradients.Check(tape => tape.Multiply(tape.Multiply(a, b), tape.Multiply(a, a)), a, b);
    }

    [Fact]
    public void ScaleAndSubtract_OddSize_MatchesCentralDifferences()
    {
        Variable a = Gradients.Random("a", new Shape(3, 19), 1), b = Gradients.Random("b", new Shape(3, 19), 2);
        Gradients.Check(tape => tape.Subtract(tape.Scale(a, 0.3), b), a, b);
    }

    [Fact]
    public void ScaleRows_OddSize_MatchesCentralDifferences()
    {
        Variable x = Gradients.Random("x", new Shape(5, 19), 1), factors = Gradients.Random("factors", new Shape(5, 1), 2);
        Gradients.Check(tape => tape.ScaleRows(x, factors), x, factors);
    }

    [Fact]
    public void SoftmaxAndLogSoftmax_OddSize_MatchesCentralDifferences()
    {
        Variable x = Gradients.Random("x", new Shape(17, 19), 1);
        Gradients.Check(tape => tape.Softmax(x), x);
        Gradients.Check(tape => tape.LogSoftmax(x), x);
    }

    [Fact]
    public void ColumnsAndJoins_OddSizes_MatchesCentralDifferences()
    {
        Variable a = Gradients.Random("a", new Shape(3, 19), 1), b = Gradients.Random("b", new Shape(3, 4), 2);
        Gradients.Check(tape => tape.Columns(tape.JoinColumns(a, b), 17, 4), a, b);
        Gradients.Check(tape => tape.JoinRows(tape.Columns(a, 3, 4), b), a, b);
    }

    [Fact]
    public void ElementsAndScatterRows_RepeatedPlaces_MatchesCentralDifferences()
    {
        Variable x = Gradients.Random("x", new Shape(3, 5), 1);
        Gradients.Check(tape => tape.Elements(x, new[] { 14, 0, 7, 0, 3, 3 }, new Shape(2, 3)), x);
        Gradients.Check(tape => tape.Reshape(tape.Multiply(x, x), new Shape(5, 3)), x);
        Gradients.Check(tape => tape.ScatterRows(x, new[] { 4, 1, 4 }, 6), x);
    }

    [Fact]
    public void SumsEntropyAndDivergence_OddSize_MatchesCentralDifferences()
    {
        Variable x = Gradients.Random("x", new Shape(3, 7), 1), q = Gradients.Random("q", new Shape(3, 7), 2);
        Gradients.Check(tape => tape.Mean(tape.RowSums(tape.Multiply(x, x))), x);
        Gradients.Check(tape => tape.Entropy(x), x);
        Gradients.Check(tape => tape.KlDivergence(x, tape.LogSoftmax(q)), x, q);
        Gradients.Check(tape => tape.MeanSquaredError(x, q), x, q);
    }

    [Fact]
    public void LogProbability_WithIgnoredRow_MatchesCentralDifferences()
    {
        Variable logits = Gradients.Random("logits", new Shape(4, 21), 1);
        Gradients.Check(tape => tape.LogProbability(logits, new[] { 20, Tape.IgnoredTarget, 0, 7 }), logits);
    }

    [Fact]
    public void Dropout_SameSeed_DropsTheSameValuesOnBothTapes()
    {
        Variable x = Gradients.Random("x", new Shape(9, 31), 1);
        Gradients.Check(tape => tape.Dropout(x, 0.25f, new SeededRandom(5)), x);
    }

    [Fact]
    public void Dropout_ManyValues_DropsTheShareAndKeepsTheMean()
    {
        Variable x = new("x", new Shape(100_000));
        x.Data.Fill(1);
        using Tape tape = new();
        float[] y = tape.Dropout(x, 0.25f, new SeededRandom(5)).Data.ToArray();
        Assert.InRange(y.Count(value => value == 0), 24_500, 25_500); // 25,000 with a deviation of 137
        Assert.All(y, value => Assert.True(value == 0 || value == 1 / 0.75f));
    }

    [Fact]
    public void NoGradient_ResultInside_IsAConstant()
    {
        Variable x = new Variable("x", new Shape(1, 1)).Fill([3]);
        using Tape tape = new();
        Variable square;
        using (tape.NoGradient()) square = tape.Multiply(x, x);
        Assert.False(square.RequiresGradient);
        tape.Backward(tape.Multiply(square, x), 1f);
        Assert.Equal(9, x.Gradient[0]); // of 9 · x, not of x³
    }

    [Fact]
    public void Backward_TwoHalvesOfABatch_EqualsTheWhole()
    {
        Variable x = Gradients.Random("x", new Shape(4, 3), 1), weight = Gradients.Random("weight", new Shape(5, 3), 2);
        int[] targets = [4, 0, 2, 2];
        using Tape tape = new();
        tape.Backward(tape.CrossEntropy(tape.Linear(x, weight), targets));
        float[] whole = weight.Gradient.ToArray();
        weight.ZeroGradient();
        for (int half = 0; half < 2; half++)
            tape.Backward(tape.CrossEntropy(tape.Linear(tape.Rows(x, 2 * half, 2), weight), targets.AsMemory(2 * half, 2)), scale: 0.5f);
        for (int i = 0; i < whole.Length; i++) Assert.Equal(whole[i], weight.Gradient[i], 1e-6f);
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
