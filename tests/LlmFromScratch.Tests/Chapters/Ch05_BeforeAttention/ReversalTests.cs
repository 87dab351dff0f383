using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Chapters.Ch05_BeforeAttention;

/// <summary>Digits said backwards by two GRUs, through one vector and looking back: the models of the chapter, trained once for all tests.</summary>
[Trait("Chapter", "05")]
public class ReversalTests
{
    private const int Digits = 10, Start = 10, End = 11, Steps = 800;

    private static readonly Lazy<RecurrentTranslator> OneVector = new(() => Learn(looksBack: false)), LookingBack = new(() => Learn(looksBack: true));

    [Fact]
    public void OneVector_LongerNumbers_AreSaidRightLessOften()
    {
        double[] whole = [.. new[] { 2, 6, 8, 12 }.Select(length => Whole(OneVector.Value, length))];
        Assert.InRange(whole[0], 0.95, 1);
        Assert.InRange(whole[^1], 0, 0.2);
        Assert.Equal(whole.OrderDescending(), whole);
    }

    [Fact]
    public void Attention_LongNumbers_AreSaidRightAgain()
    {
        Assert.InRange(Whole(LookingBack.Value, 12), 0.8, 1);
        Assert.True(Whole(LookingBack.Value, 12) > Whole(OneVector.Value, 12) + 0.6);
    }

    [Fact]
    public void Alignment_OfAReversal_IsTheOtherDiagonal()
    {
        int[] number = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
        float[][] shares = [.. LookingBack.Value.Alignment(number, new int[] { Start }.Concat(number.Reverse()).ToArray()).Chunk(number.Length)];
        Assert.All(shares, row => Assert.Equal(1, row.Sum(), 1e-4f));
        int onTheDiagonal = Enumerable.Range(0, number.Length).Count(t => Math.Abs(Array.IndexOf(shares[t], shares[t].Max()) - (number.Length - 1 - t)) <= 1);
        Assert.InRange(onTheDiagonal, 9, 10); // a state knows its neighbours too, so one place beside counts
    }

    [Fact]
    public void Alignment_WithoutAttention_IsRefused()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new RecurrentTranslator(CellKind.Gru, 4, 4, 8, hasAttention: false, seed: 1).Alignment(new[] { 1 }, new[] { 0 }));
        Assert.Contains("with attention", error.Message);
    }

    [Fact]
    public void OwnAnswers_OfAModelThatErrs_AreRightLessOftenThanUnderTeacherForcing()
    {
        (double forced, double free) = (Forced(OneVector.Value, 12, 40), Free(OneVector.Value, 12, 40));
        Assert.True(free < forced, $"{free} alone, {forced} with the right answer so far");
        Assert.Equal(1, Free(OneVector.Value, 2, 40), 0.05);
    }

    private static RecurrentTranslator Learn(bool looksBack)
    {
        RecurrentTranslator model = new(CellKind.Gru, 12, 12, size: 32, looksBack, seed: 1);
        AdamW optimizer = new(model.Parameters, new AdamWSettings { WeightDecay = 0 });
        SeededRandom random = new(7);
        using Tape tape = new();
        for (int step = 0; step < Steps; step++)
        {
            (int[] source, int[] answer, int[] targets) = Reversals(32, 1 + random.NextInt(12), random);
            model.ZeroGradients();
            tape.Backward(tape.CrossEntropy(model.Forward(tape, source, answer, 32), targets));
            GradientClipping.ClipGlobalNorm(model.Parameters, 1);
            optimizer.Step(0.015f * Math.Min(1, 2f * (Steps - step) / Steps));
        }
        return model;
    }

    // Step by step: [S·B], [T·B], [T·B].
    private static (int[] Source, int[] Answer, int[] Targets) Reversals(int count, int length, SeededRandom random)
    {
        int[][] numbers = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextInt(Digits)).ToArray())];
        int[] ByStep(int steps, Func<int[], int, int> at) => [.. Enumerable.Range(0, steps * count).Select(n => at(numbers[n % count], n / count))];
        return (ByStep(length, (d, t) => d[t]), ByStep(length + 1, (d, t) => t == 0 ? Start : d[^t]), ByStep(length + 1, (d, t) => t == length ? End : d[^(t + 1)]));
    }

    private static double Whole(RecurrentTranslator model, int length) => Right(model, length, 100).Average(text => Array.TrueForAll(text, right => right) ? 1.0 : 0);

    private static double Forced(RecurrentTranslator model, int length, int count) => Right(model, length, count).Average(text => text[..length].Average(right => right ? 1.0 : 0));

    // [text][place]: the most likely token is the right one, after the right answer so far.
    private static bool[][] Right(RecurrentTranslator model, int length, int count)
    {
        (int[] source, int[] answer, int[] targets) = Reversals(count, length, new SeededRandom(99));
        using Tape tape = new();
        using NoGradientScope scope = tape.NoGradient();
        float[][] logits = [.. model.Forward(tape, source, answer, count).Data.ToArray().Chunk(12)];
        return [.. Enumerable.Range(0, count).Select(n => Enumerable.Range(0, length + 1).Select(t => Array.IndexOf(logits[t * count + n], logits[t * count + n].Max()) == targets[t * count + n]).ToArray())];
    }

    private static double Free(RecurrentTranslator model, int length, int count)
    {
        (int[] source, _, int[] targets) = Reversals(count, length, new SeededRandom(99));
        return Enumerable.Range(0, count).Average(n =>
        {
            int[] said = model.Generate(Enumerable.Range(0, length).Select(t => source[t * count + n]).ToArray(), Start, End, length);
            return Enumerable.Range(0, length).Average(t => t < said.Length && said[t] == targets[t * count + n] ? 1.0 : 0);
        });
    }
}
