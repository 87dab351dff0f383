using LlmFromScratch.Course;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Chapters.Ch07_TransformerBlock;

[Trait("Chapter", "07")]
public class ExpertTests
{
    private const int Experts = 4, Size = 8;

    private static readonly float[] Token = Lab.RandomNormal(Size, 90), Logits = Lab.RandomNormal(Experts, 91), Weights = Lab.RandomNormal(Experts * Size * Size, 92);

    [Fact]
    public void Mixture_OfAllExperts_IsTheDenseSum()
    {
        float[] mixed = Mixture(Experts), shares = Lab.Softmax(Logits);
        for (int i = 0; i < Size; i++)
        {
            double dense = Enumerable.Range(0, Experts).Sum(e => shares[e] * Answer(e)[i]);
            Assert.Equal(dense, mixed[i], 1e-5);
        }
    }

    [Fact]
    public void Mixture_OfOne_IsTheBestExpertAlone()
    {
        int best = Array.IndexOf(Logits, Logits.Max());
        float[] mixed = Mixture(1);
        for (int i = 0; i < Size; i++) Assert.Equal(Answer(best)[i], mixed[i], 1e-5f);
    }

    [Fact]
    public void Balance_GradientOfItsLoss_LowersTheBusiestShare()
    {
        const int tokens = 256;
        using Tape tape = new();
        Variable x = new Variable("x", new Shape(tokens, Size), requiresGradient: false).Fill([.. Lab.RandomNormal(tokens * Size, 92).Select((v, i) => i % Size == 0 ? 1 : v)]);
        Variable router = new Variable("router", new Shape(Experts, Size)).Fill([.. Lab.RandomNormal(Experts * Size, 93).Select((v, i) => i == 0 ? 3 : v)]);
        double first = 0, last = 0;
        for (int step = 0; step < 60; step++)
        {
            Variable chances = tape.Softmax(tape.Linear(x, router));
            int[] choice = [.. chances.Data.ToArray().Chunk(Experts).Select(row => Array.IndexOf(row, row.Max()))];
            float[] share = [.. Enumerable.Range(0, Experts).Select(e => choice.Count(c => c == e) / (float)tokens)];
            Variable f = new Variable("f", new Shape(tokens, Experts), requiresGradient: false).Fill([.. Enumerable.Range(0, tokens * Experts).Select(i => share[i % Experts] * Experts / tokens)]);
            last = share.Max();
            if (step == 0) first = last;
            Assert.InRange(tape.Backward(tape.Sum(tape.Multiply(chances, f))), 0.9f, Experts);
            for (int i = 0; i < router.Data.Length; i++) router.Data[i] -= 0.5f * router.Gradient[i];
            router.ZeroGradient();
        }
        Assert.True(first > 0.5 && last < 0.35, $"{first} of the tokens at first, {last} in the end; even is 0.25");
    }

    private static float[] Answer(int expert)
    {
        Tensor y = Tensor.Zeros(new Shape(1, Size));
        new ReferenceBackend().MatMul(Tensor.FromFloats(Token, 1, Size), Tensor.FromFloats(Weights[(expert * Size * Size)..((expert + 1) * Size * Size)], Size, Size), y);
        return y.Floats.ToArray();
    }

    private static float[] Mixture(int used)
    {
        var backend = new ReferenceBackend();
        Tensor chosen = Tensor.Zeros(new Shape(1, used), DType.I32), shares = Tensor.Zeros(new Shape(1, used));
        Tensor answers = Tensor.Zeros(new Shape(1, used, Size)), mixed = Tensor.Zeros(new Shape(1, Size));
        backend.RouteExperts(Tensor.FromFloats(Logits, 1, Experts), chosen, shares);
        backend.ExpertMatMul(Tensor.FromFloats(Token, 1, Size), Tensor.FromFloats(Weights, Experts, Size, Size), chosen, answers);
        backend.MixExperts(answers, shares, mixed);
        return mixed.Floats.ToArray();
    }
}
