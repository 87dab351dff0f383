using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Chapters.Ch05_BeforeAttention;

/// <summary>The first of 52 tokens is one of eight keys, fifty of noise follow, then a question: which key was it?</summary>
[Trait("Chapter", "05")]
public class MemoryTests
{
    private const int Keys = 8, Noises = 8, Wait = 50, Size = 32, Batch = 32;

    [Fact]
    public void KeyAfterFiftyTokens_Rnn_IsGuessed() => Assert.InRange(Train(CellKind.Rnn, null), 0, 0.25); // chance is 0.125

    [Fact]
    public void KeyAfterFiftyTokens_LstmThatBeginsByKeeping_IsNamed() => Assert.InRange(Train(CellKind.Lstm, 4), 0.9, 1);

    [Fact]
    public void KeyAfterFiftyTokens_Gru_IsNamed() => Assert.InRange(Train(CellKind.Gru, 4), 0.9, 1);

    [Fact]
    public void KeyAfterFiftyTokens_LstmThatBeginsByForgetting_IsGuessed() => Assert.InRange(Train(CellKind.Lstm, 1), 0, 0.25);

    [Fact]
    public void CellOf1997_OnAStreamWithoutEnd_LeavesEveryBound() // without a forget gate the cell is a random walk
    {
        Assert.True(Largest(forget: 1) > 4 * Largest(forget: 0.95));
        Assert.InRange(Largest(forget: 0.95), 0, 1 / (1 - 0.95)); // a geometric series of inputs below 1
        static double Largest(double forget)
        {
            SeededRandom random = new(11);
            double cell = 0, largest = 0;
            for (int t = 0; t < 5000; t++)
            {
                cell = forget * cell + PortableMath.Tanh(random.NextGaussian()) / (1 + PortableMath.Exp(-random.NextGaussian()));
                largest = Math.Max(largest, Math.Abs(cell));
            }
            return largest;
        }
    }

    // The share of keys named right, after 350 steps that are the same for every cell.
    private static double Train(CellKind kind, float? forgetBias)
    {
        ParameterSet weights = new(seed: 1);
        Variable tokens = weights.Normal("tokens", new Shape(Keys + Noises + 1, Size), 1);
        RecurrentLayer layer = new(weights, "cell", kind, Size, Size);
        LinearLayer head = new(weights, "head", Size, Keys, hasBias: true, 0.2);
        if (forgetBias is float bias) weights["cell.bias_ih"].Data.Slice(Size, Size).Fill(bias);
        AdamW optimizer = new(weights.All, new AdamWSettings { WeightDecay = 0 });
        SeededRandom random = new(7);
        using Tape tape = new();
        for (int step = 0; step < 350; step++)
        {
            int[] ids = Texts(Batch, random);
            weights.ZeroGradients();
            tape.Backward(tape.CrossEntropy(Logits(ids, Batch), ids.AsMemory(0, Batch)));
            GradientClipping.ClipGlobalNorm(weights.All, 1);
            optimizer.Step(0.02f);
        }
        int[] asked = Texts(200, new SeededRandom(99));
        using NoGradientScope scope = tape.NoGradient();
        return Logits(asked, 200).Data.ToArray().Chunk(Keys).Zip(asked, (row, key) => Array.IndexOf(row, row.Max()) == key ? 1.0 : 0).Average();

        Variable Logits(int[] ids, int count) =>
            head.Forward(tape, tape.Rows(layer.Forward(tape, tape.Embedding(tokens, ids), layer.ZeroState(count)).Outputs, ids.Length - count, count));
    }

    // [T·B], step by step; the first B are the keys.
    private static int[] Texts(int count, SeededRandom random) =>
        [.. Enumerable.Range(0, (Wait + 2) * count).Select(n => n < count ? random.NextInt(Keys) : n < (Wait + 1) * count ? Keys + random.NextInt(Noises) : Keys + Noises)];
}
