using LlmFromScratch.Course;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Chapters.Ch07_TransformerBlock;

[Trait("Chapter", "07")]
public class ResidualTests
{
    private const int Width = 32;

    [Fact]
    public void Gradient_ThroughFortyEightLayers_LivesOnlyOnTheResidualPath()
    {
        Assert.InRange(GradientAtInput(48, residual: true), 0.5, 2);
        Assert.InRange(GradientAtInput(48, residual: false), 0, 1e-30);
    }

    [Fact]
    public void FirstBlock_OfADeepStack_HearsLessBehindPostNorms()
    {
        (double First, double Last) shallow = BlockGradients(pre: false, 6), deep = BlockGradients(pre: false, 96), pre = BlockGradients(pre: true, 96);
        Assert.True(deep.First < shallow.First / 4, $"{shallow.First} in 6 blocks, {deep.First} in 96");
        Assert.InRange(deep.Last / shallow.Last, 0.5, 2); // the last block hears as before
        Assert.True(pre.First > deep.First * 4);
    }

    private static double GradientAtInput(int layers, bool residual)
    {
        using Tape tape = new();
        SeededRandom random = new(7);
        Variable x = new Variable("x", new Shape(1, Width)).Fill(Lab.RandomNormal(Width, 8)), stream = x;
        for (int layer = 0; layer < layers; layer++)
        {
            Variable said = tape.Linear(tape.Activate(tape.Linear(stream, Matrix(random, Width, Width, 0.4)), Activation.Tanh), Matrix(random, Width, Width, 0.4));
            stream = residual ? tape.Add(stream, said) : said;
        }
        float[] end = Lab.RandomNormal(Width, 9);
        tape.Backward(stream, Lab.Scale(end, 1 / MathF.Sqrt(end.Sum(value => value * value))));
        return Norm(x);
    }

    private static (double First, double Last) BlockGradients(bool pre, int layers)
    {
        using Tape tape = new();
        SeededRandom random = new(3);
        Variable one = new Variable("one", new Shape(Width)).Fill(Enumerable.Repeat(1f, Width).ToArray());
        Variable Normed(Variable v) => tape.RmsNorm(v, one, 1e-5f);
        (Variable In, Variable Out)[] blocks = [.. Enumerable.Range(0, layers).Select(_ => (Matrix(random, 4 * Width, Width, 1), Matrix(random, Width, 4 * Width, 1)))];
        Variable stream = new Variable("x", new Shape(8, Width)).Fill(Lab.RandomNormal(8 * Width, 5));
        foreach ((Variable inner, Variable outer) in blocks)
        {
            Variable Said(Variable v) => tape.Linear(tape.Activate(tape.Linear(v, inner), Activation.Relu), outer);
            stream = pre ? tape.Add(stream, Said(Normed(stream))) : Normed(tape.Add(stream, Said(stream)));
        }
        tape.Backward(pre ? Normed(stream) : stream, Lab.RandomNormal(8 * Width, 6));
        return (Norm(blocks[0].Out), Norm(blocks[^1].Out));
    }

    private static double Norm(Variable variable) => Math.Sqrt(variable.Gradient.ToArray().Sum(value => (double)value * value));

    private static Variable Matrix(SeededRandom random, int outSize, int inSize, double gain) => new Variable("w", new Shape(outSize, inSize))
        .Fill([.. Enumerable.Range(0, outSize * inSize).Select(_ => (float)(gain * random.NextGaussian() / Math.Sqrt(inSize)))]);
}
